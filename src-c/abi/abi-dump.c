/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Prints, as JSON, every constant, size and offset that the Java code uses,
 * with the values of this system's headers.
 */

#ifdef __FreeBSD__
#define	ABI	"abi-freebsd.h"
#else
#define	ABI	"abi-linux.h"
#endif

#define	ABI_INCLUDES
#include ABI
#undef ABI_INCLUDES

#include <stddef.h>
#include <stdio.h>

struct entry {
	const char		*name;
	unsigned long long	 value;
};

#define	ABI_CONSTANTS
#define	C(name)		{ #name, (unsigned long long)(name) },
static const struct entry constants[] = {
#include ABI
};
#undef ABI_CONSTANTS

/*
 * A structure is its size under its name, then its fields, then an empty
 * entry.
 */
#define	ABI_STRUCTS
#define	S(type)		{ #type, sizeof(struct type) },
#define	O(type, field)	{ #field, offsetof(struct type, field) },
#define	E(type)		{ NULL, 0 },
static const struct entry structs[] = {
#include ABI
};
#undef ABI_STRUCTS

#define	COUNT(array)	(sizeof(array) / sizeof((array)[0]))

static void	print_constants(void);
static void	print_structs(void);

int
main(void)
{

	printf("{\n \"constants\": {");
	print_constants();
	printf("\n },\n \"structs\": {");
	print_structs();
	printf("\n }\n}\n");
	return (ferror(stdout) || fflush(stdout) != 0 ? 111 : 0);
}

static void
print_constants(void)
{
	size_t i;

	for (i = 0; i < COUNT(constants); i++)
		printf("%s\n  \"%s\": %llu", i == 0 ? "" : ",",
		    constants[i].name, constants[i].value);
}

static void
print_structs(void)
{
	size_t first, i;

	for (i = 0; i < COUNT(structs); i++) {
		printf("%s\n  \"%s\": {\n   \"size\": %llu,\n   \"offsets\": {",
		    i == 0 ? "" : ",", structs[i].name, structs[i].value);
		for (first = ++i; structs[i].name != NULL; i++)
			printf("%s\n    \"%s\": %llu", i == first ? "" : ",",
			    structs[i].name, structs[i].value);
		printf("\n   }\n  }");
	}
}
