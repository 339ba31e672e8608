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

#define	ABI_STRUCTS
#define	S(type)		{ #type, sizeof(struct type) },
#define	O(type, field)
static const struct entry sizes[] = {
#include ABI
};
#undef S
#undef O

#define	S(type)
#define	O(type, field)	{ #type "." #field, offsetof(struct type, field) },
static const struct entry offsets[] = {
#include ABI
};
#undef ABI_STRUCTS

#define	PRINT(array)							\
	print(#array, array, sizeof(array) / sizeof((array)[0]))

static void
print(const char *kind, const struct entry *entries, size_t n)
{
	size_t i;

	printf(" \"%s\": {", kind);
	for (i = 0; i < n; i++)
		printf("%s\n  \"%s\": %llu", i == 0 ? "" : ",",
		    entries[i].name, entries[i].value);
	printf("\n }");
}

int
main(void)
{

	printf("{\n");
	PRINT(constants);
	printf(",\n");
	PRINT(sizes);
	printf(",\n");
	PRINT(offsets);
	printf("\n}\n");
	return (ferror(stdout) || fflush(stdout) != 0 ? 111 : 0);
}
