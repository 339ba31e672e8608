/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The command-line tools: one process for each command ("tool"), or, where the
 * tool supports it, one process for many commands ("batch").
 */
#define	_GNU_SOURCE

#include <sys/types.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

#define	MOST	6	/* commands */
#define	WORDS	20	/* of a command */

extern char **environ;

/*
 * An operation as commands.  PID stands for the pid of this process, HANDLE
 * for the handle of the rule added last: nf_tables numbers the objects of a
 * table from 1.
 */
struct script {
	const char	*name;
	const char	*setup[MOST];
	const char	*each[MOST];
};

#ifdef __linux__
#define	EPAIR	"ip link add epair0a type veth peer name epair0b"
#define	JAIL	"ip netns add jail"
#define	BRIDGE	"ip link add bridge0 type bridge"
#define	TABLE	"nft add table inet bench"
#define	CHAIN	"nft add chain inet bench in { type filter hook input " \
    "priority 0 ; }"

static const struct script scripts[] = {
	{ "readOneInterface", { EPAIR, "ip addr add 192.0.2.1/24 dev epair0a" },
	    { "ip addr show dev epair0a" } },
	{ "listInterfaces", { NULL }, { "ip addr show" } },
	{ "createDestroyEpair", { NULL }, { EPAIR, "ip link del epair0a" } },
	{ "createRemoveJail", { NULL }, { JAIL, "ip netns del jail" } },
	{ "giveTakeBack", { EPAIR, JAIL }, { "ip link set epair0b netns jail",
	    "ip -n jail link set epair0b netns PID" } },
	{ "addRemoveAddress", { EPAIR }, {
	    "ip addr add 192.0.2.2/24 dev epair0a",
	    "ip addr del 192.0.2.2/24 dev epair0a" } },
	{ "bridgeAddDeleteMember", { EPAIR, BRIDGE }, {
	    "ip link set epair0a master bridge0",
	    "ip link set epair0a nomaster" } },
	{ "ping", { JAIL,
	    "ip link add epair0a type veth peer name epair0b netns jail",
	    "ip addr add 192.0.2.1/24 dev epair0a", "ip link set epair0a up",
	    "ip -n jail addr add 192.0.2.2/24 dev epair0b",
	    "ip -n jail link set epair0b up" },
	    { "ping -q -c 1 -w 5 192.0.2.2" } },
	{ "startProcess", { JAIL }, { "ip netns exec jail true" } },
	{ "addDeleteRule", { TABLE, CHAIN }, {
	    "nft add rule inet bench in ip saddr 192.0.2.1 tcp dport 22 "
	    "counter drop",
	    "nft delete rule inet bench in handle HANDLE" } },
	{ "loadRules", { TABLE, CHAIN }, { NULL } },
	{ NULL, { NULL }, { NULL } }
};
static const char another[] = "ip link add epair%1$da type veth peer "
    "name epair%1$db";
static const char *const hub[MOST] = { BRIDGE,
    "ip addr add 10.0.0.1/16 dev bridge0", "ip link set bridge0 up" };
static const char *const spoke[] = { "ip netns add %s",
    "ip link add epair%da type veth peer name epair%db netns %s",
    "ip -n %s addr add %s/16 dev epair%db", "ip -n %s link set epair%db up",
    "ip link set epair%da master bridge0", "ip link set epair%da up" };
#else
#define	EPAIR	"ifconfig epair0 create"
#define	JAIL	"jail -c name=jail persist vnet"
#define	BRIDGE	"ifconfig bridge0 create"

static const struct script scripts[] = {
	{ "readOneInterface", { EPAIR, "ifconfig epair0a inet 192.0.2.1/24" },
	    { "ifconfig epair0a" } },
	{ "listInterfaces", { NULL }, { "ifconfig -a" } },
	{ "createDestroyEpair", { NULL },
	    { EPAIR, "ifconfig epair0a destroy" } },
	{ "createRemoveJail", { NULL }, { JAIL, "jail -r jail" } },
	{ "giveTakeBack", { EPAIR, JAIL },
	    { "ifconfig epair0b vnet jail", "ifconfig epair0b -vnet jail" } },
	{ "addRemoveAddress", { EPAIR },
	    { "ifconfig epair0a inet 192.0.2.2/24 alias",
	    "ifconfig epair0a inet 192.0.2.2 -alias" } },
	{ "bridgeAddDeleteMember", { EPAIR, BRIDGE },
	    { "ifconfig bridge0 addm epair0a",
	    "ifconfig bridge0 deletem epair0a" } },
	{ "ping", { EPAIR, JAIL, "ifconfig epair0b vnet jail",
	    "ifconfig epair0a inet 192.0.2.1/24 up",
	    "jexec jail ifconfig epair0b inet 192.0.2.2/24 up" },
	    { "ping -q -c 1 192.0.2.2" } },
	{ "startProcess", { JAIL }, { "jexec jail true" } },
	{ "addDeleteRule", { NULL }, {
	    "ipfw -q add 100 deny tcp from 192.0.2.1 to any 22",
	    "ipfw -q delete 100" } },
	{ NULL, { NULL }, { NULL } }
};
static const char another[] = "ifconfig epair%d create";
#endif

static const struct script *script;
static int size;

static pid_t
start(char *command, int in)
{
	static char pid[16], number[16];
	static int handle = 1;
	posix_spawn_file_actions_t actions;
	char *argv[WORDS], *word;
	int error, n;
	pid_t child;

	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	for (n = 0; n < WORDS - 1 && (word = strsep(&command, " ")) != NULL;
	    n++) {
		argv[n] = word;
		if (strcmp(word, "PID") == 0)
			argv[n] = pid;
		else if (strcmp(word, "HANDLE") == 0) {
			snprintf(number, sizeof(number), "%d", ++handle);
			argv[n] = number;
		}
	}
	argv[n] = NULL;
	posix_spawn_file_actions_init(&actions);
	if (in != -1)
		posix_spawn_file_actions_adddup2(&actions, in, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	error = posix_spawnp(&child, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (error != 0) {
		errno = error;
		err(111, "%s", argv[0]);
	}
	return (child);
}

static void
await(pid_t child, const char *what)
{
	int status;

	if (waitpid(child, &status, 0) == -1)
		err(111, "waitpid");
	if (status != 0)
		errx(111, "%s: status %#x", what, (unsigned int)status);
}

static void
command(const char *text)
{
	char copy[256];

	snprintf(copy, sizeof(copy), "%s", text);
	await(start(copy, -1), text);
}

static void
commands(const char *const *list)
{
	int i;

	for (i = 0; i < MOST && list[i] != NULL; i++)
		command(list[i]);
}

static void
setup(int n)
{
	char text[256];
	int i;

	size = n;
	for (script = scripts; strcmp(script->name, operation) != 0;)
		script++;
	commands(script->setup);
	if (strcmp(operation, "listInterfaces") != 0)
		return;
	for (i = 0; i < size / 2; i++) {
		snprintf(text, sizeof(text), another, i);
		command(text);
	}
}

static void
run(int n)
{

	while (n-- > 0)
		commands(script->each);
}

#ifdef __linux__
/* One process reads n rounds of commands from its standard input. */
static void
feed(const char *text, void (*tell)(FILE *, int), int n)
{
	char copy[32];
	FILE *f;
	int end[2];
	pid_t child;

	snprintf(copy, sizeof(copy), "%s", text);
	if (pipe2(end, O_CLOEXEC) == -1)
		err(111, "pipe2");
	child = start(copy, end[0]);
	close(end[0]);
	if ((f = fdopen(end[1], "w")) == NULL)
		err(111, "fdopen");
	tell(f, n);
	fclose(f);
	await(child, text);
}

static void
tell_commands(FILE *f, int n)
{
	int i;

	while (n-- > 0)
		for (i = 0; i < MOST && script->each[i] != NULL; i++)
			fprintf(f, "%s\n", script->each[i] + strlen("ip "));
}

/* One "ip -batch" reads the commands of all n rounds. */
static void
run_batch(int n)
{

	feed("ip -batch -", tell_commands, n);
}

static void
tell_rules(FILE *f, int n)
{
	int i;

	fprintf(f, "flush chain inet bench in\n");
	for (i = 0; i < size; i++)
		fprintf(f, "add rule inet bench in ip saddr 10.%d.%d.%d "
		    "tcp dport 22 counter drop\n", n % 2, i / 256, i % 256);
}

/* Replaces all rules by as many others, in one transaction. */
static void
load_rules(int n)
{

	for (; n > 0; n--)
		feed("nft -f -", tell_rules, n);
}

static void
star(int n)
{

	size = n;
	commands(hub);
}

static void
build(int n)
{
	char text[256], j[NAME];
	int i;

	(void)n;
	for (i = 0; i < size; i++) {
		snprintf(j, sizeof(j), "10.0.%d.%d", (i + 2) / 256,
		    (i + 2) % 256);
		snprintf(text, sizeof(text), spoke[0], j);
		command(text);
		snprintf(text, sizeof(text), spoke[1], i, i, j);
		command(text);
		snprintf(text, sizeof(text), spoke[2], j, j, i);
		command(text);
		snprintf(text, sizeof(text), spoke[3], j, i);
		command(text);
		snprintf(text, sizeof(text), spoke[4], i);
		command(text);
	}
	for (i = 0; i < size; i++) {
		snprintf(text, sizeof(text), spoke[5], i);
		command(text);
	}
}

static void
build_once(void)
{

	build(1);
}

static void
tear_down(int n)
{
	char text[256];
	int i;

	(void)n;
	for (i = 0; i < size; i++) {
		snprintf(text, sizeof(text), "ip link del epair%da", i);
		command(text);
		snprintf(text, sizeof(text), "ip netns del 10.0.%d.%d",
		    (i + 2) / 256, (i + 2) % 256);
		command(text);
	}
}

static void
tear_down_once(void)
{

	tear_down(1);
}
#endif

#define	OP(name, run)	{ name, setup, NULL, run, NULL }

const struct op tool_ops[] = {
	OP("readOneInterface", run),
	OP("listInterfaces", run),
	OP("createDestroyEpair", run),
	OP("createRemoveJail", run),
	OP("giveTakeBack", run),
	OP("addRemoveAddress", run),
	OP("bridgeAddDeleteMember", run),
	OP("ping", run),
	OP("startProcess", run),
	OP("addDeleteRule", run),
#ifdef __linux__
	OP("loadRules", load_rules),
	{ "starBuild", star, NULL, build, tear_down_once },
	{ "starTearDown", star, build_once, tear_down, NULL },
#endif
	{ NULL, NULL, NULL, NULL, NULL }
};

const struct op batch_ops[] = {
#ifdef __linux__
	OP("readOneInterface", run_batch),
	OP("listInterfaces", run_batch),
	OP("createDestroyEpair", run_batch),
	OP("createRemoveJail", run_batch),
	OP("addRemoveAddress", run_batch),
	OP("bridgeAddDeleteMember", run_batch),
#endif
	{ NULL, NULL, NULL, NULL, NULL }
};
