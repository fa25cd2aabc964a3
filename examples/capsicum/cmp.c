/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmp file1 file2: says where two files differ first. Both are mapped, with no right but
 * to be looked at and mapped for reading; what cannot be mapped is refused.
 *
 *	cc cmp.c $(pkg-config --cflags --libs capsicum)
 *
 * Status 0: the same; 1: they differ; 2: trouble.
 */
#include <capsicum_helpers.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct file {
	const char *name;
	int fd;
	const unsigned char *bytes;
	off_t length;
};

static struct file open_limited(const char *name)
{
	struct file file = {name, open(name, O_RDONLY | O_CLOEXEC), NULL, 0};
	cap_rights_t rights;

	if (file.fd < 0)
		err(2, "%s", name);
	if (caph_rights_limit(file.fd, cap_rights_init(&rights, CAP_FSTAT, CAP_MMAP_R)) < 0)
		err(2, "cannot limit %s", name);
	return file;
}

static void map(struct file *file)
{
	struct stat status;
	void *bytes;

	if (fstat(file->fd, &status) < 0)
		err(2, "%s", file->name);
	if (!S_ISREG(status.st_mode))
		errx(2, "%s: not a regular file", file->name);
	file->length = status.st_size;
	if (file->length == 0)
		return;
	bytes = mmap(NULL, (size_t)file->length, PROT_READ, MAP_PRIVATE, file->fd, 0);
	if (bytes == MAP_FAILED)
		err(2, "%s", file->name);
	file->bytes = bytes;
}

static int compare(const struct file *one, const struct file *two)
{
	off_t both = one->length < two->length ? one->length : two->length, line = 1;

	for (off_t i = 0; i < both; i++) {
		if (one->bytes[i] != two->bytes[i]) {
			printf("%s %s differ: char %jd, line %jd\n", one->name, two->name,
			       (intmax_t)i + 1, (intmax_t)line);
			return 1;
		}
		line += one->bytes[i] == '\n';
	}
	if (one->length == two->length)
		return 0;
	fprintf(stderr, "cmp: EOF on %s\n", one->length < two->length ? one->name : two->name);
	return 1;
}

int main(int argc, char **argv)
{
	struct file one, two;
	int status;

	if (argc != 3) {
		fprintf(stderr, "usage: cmp file1 file2\n");
		return 2;
	}
	one = open_limited(argv[1]);
	two = open_limited(argv[2]);
	caph_cache_catpages();
	if (caph_limit_stdio() < 0 || caph_enter() < 0)
		err(2, "capsicum");

	map(&one);
	map(&two);
	status = compare(&one, &two);
	if (fflush(stdout) != 0)
		err(2, "standard output");
	return status;
}
