/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Follows a command through its interpreters to the ELF program at the end and
 * lists all files on the way. The order in the list is the order of need: the
 * program first.
 */
#include "apply/program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apply/command.h"
#include "apply/elf.h"
#include "apply/libraries.h"
#include "apply/program_files.h"
#include "apply/shebang.h"
#include "base/text.h"

#define RUN (PAP_ACCESS_READ | PAP_ACCESS_EXECUTE)

/* env that runs a script that names env...: real chains have one. */
#define MAX_ENV 8

struct resolution {
	const struct pap_program_request *request;
	struct pap_program_files *out;
	struct pap_error *err;
	char directory[PATH_MAX];        /* of the program to be, absolute */
	const char *search_path;         /* for the next name */
	char env_path[PAP_SHEBANG_SIZE]; /* storage of search_path when env sets it */
};

struct name { /* a file name for a message */
	char text[256];
};

static struct name show(const char *path)
{
	struct name name;

	pap_escape(name.text, sizeof(name.text), path, strlen(path));
	return name;
}

static int out_of_memory(struct resolution *r)
{
	return pap_fail(r->err, -ENOMEM, "out of memory");
}

/*
 * The absolute name of the working directory to be. Where it has none (it was
 * removed, or lies outside the root) procfs still has a way to it.
 */
static void name_directory(struct resolution *r)
{
	char link[64];
	ssize_t n;

	if (r->request->directory == AT_FDCWD) {
		if (!getcwd(r->directory, sizeof(r->directory)) || r->directory[0] != '/')
			strcpy(r->directory, "/proc/self/cwd");
		return;
	}
	snprintf(link, sizeof(link), "/proc/self/fd/%d", r->request->directory);
	n = readlink(link, r->directory, sizeof(r->directory) - 1);
	if (n <= 0 || n == sizeof(r->directory) - 1 || r->directory[0] != '/')
		strcpy(r->directory, link);
	else
		r->directory[n] = '\0';
}

/* ---- what cannot be started ----------------------------------------------------------------- */

static int command_failed(struct resolution *r, int error, const char *refused)
{
	const char *command = r->request->command;
	struct name name = show(command), file = show(refused ? refused : command);

	if (error == -ENOMEM)
		return out_of_memory(r);
	if (!command[0])
		return pap_fail(r->err, -ENOENT, "the name of the program is empty");
	if (error == -EACCES && refused) {
		pap_fail(r->err, error, "\"%s\" may not be executed", file.text);
		pap_hint(r->err, "it is no regular file, lacks the x permission, or lies on a file "
				 "system mounted noexec");
	} else if (error == -ENOENT && !strchr(command, '/')) {
		struct name path = show(r->search_path ? r->search_path : PAP_DEFAULT_PATH);

		pap_fail(r->err, error, "there is no program \"%s\" in PATH", name.text);
		pap_hint(r->err, "PATH inside is %s; a path with a slash in it is not searched for",
			 path.text);
	} else {
		pap_fail(r->err, error, "cannot find \"%s\": %s", name.text, strerror(-error));
	}
	return error;
}

static int interpreter_failed(struct resolution *r, int error, const char *path, const char *what,
			      const char *wanted)
{
	struct name file = show(path), name = show(wanted);

	if (error == -ENOMEM)
		return out_of_memory(r);
	if (error == -EACCES)
		pap_fail(r->err, error, "\"%s\" needs the %s \"%s\", which may not be executed",
			 file.text, what, name.text);
	else
		pap_fail(r->err, error, "\"%s\" needs the %s \"%s\", which cannot be found: %s",
			 file.text, what, name.text, strerror(-error));
	pap_hint(r->err, "install it, or start the program through one that is there");
	return error;
}

static int not_a_program(struct resolution *r, const char *path, const char *problem)
{
	struct name file = show(path);

	pap_fail(r->err, -ENOEXEC, "\"%s\" cannot be executed here: %s", file.text, problem);
	return -ENOEXEC;
}

/* ---- ELF programs ------------------------------------------------------------------------------
 */

static int add_dynamic(struct resolution *r, const char *path, const char *loader,
		       struct pap_elf *elf)
{
	struct pap_library_request request = {
	    .arch = pap_arch_native(),
	    .program = path,
	    .loader = loader,
	    .directory = r->directory,
	    .library_path = r->request->library_path,
	    .preload = r->request->preload,
	    .root = "",
	};
	char *real = NULL;
	int error;

	if (pap_program_add(r->out, loader, RUN, "loader of %s", path) < 0)
		return out_of_memory(r);
	/* $ORIGIN of a program is where it really lies, not where a link to it does. */
	if (elf->needed_count && (real = realpath(path, NULL)))
		request.program = real;
	error = pap_libraries_add(&request, elf, r->out, r->err);
	free(real);
	return error;
}

static int add_elf(struct resolution *r, const char *path, struct pap_window *file)
{
	struct pap_command loader = {0};
	struct pap_elf elf;
	int error = pap_elf_read(file, pap_arch_native(), PAP_ELF_PROGRAM, &elf);

	if (error) {
		error = error == -ENOMEM ? out_of_memory(r) : not_a_program(r, path, elf.problem);
	} else if (elf.interpreter) {
		error = pap_command_path(elf.interpreter, r->directory, &loader);
		if (error)
			interpreter_failed(r, error, path, "loader", elf.interpreter);
		else
			error = add_dynamic(r, path, loader.path, &elf);
	}
	pap_command_free(&loader);
	pap_elf_free(&elf);
	return error;
}

/* ---- scripts --------------------------------------------------------------------------------- */

/* What a file is, by its first bytes: 1 and *script filled, 0 for ELF, or an error. */
static int look_at(struct resolution *r, const char *path, struct pap_window *file,
		   struct pap_shebang *script)
{
	size_t length;
	const char *bytes = pap_window_rest(file, 0, PAP_SHEBANG_SIZE, &length);
	int kind = pap_shebang_parse(bytes, length, script);

	if (kind < 0)
		return not_a_program(r, path,
				     "its first line (#!) names no interpreter, or one "
				     "that is too long");
	if (kind || (length >= 4 && !memcmp(bytes, "\177ELF", 4)))
		return kind;
	not_a_program(r, path,
		      length ? "it is neither an ELF program nor a script with #!" : "it is empty");
	pap_hint(r->err, "a script without a #! line is started through its interpreter: sh FILE");
	return -ENOEXEC;
}

/*
 * One file that execve comes to. 0: the end of the chain; 1: a script, *next
 * (malloc'ed) is its interpreter and *script its line.
 */
static int step(struct resolution *r, const char *path, struct pap_shebang *script, char **next)
{
	struct pap_command interpreter;
	struct pap_window file;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), kind, error;

	if (fd < 0)
		return 0; /* may be executed and not read */
	pap_window_init(&file, fd);
	kind = look_at(r, path, &file, script);
	if (kind == 0)
		kind = add_elf(r, path, &file);
	close(fd);
	if (kind <= 0)
		return kind;
	error = pap_command_path(script->interpreter, r->directory, &interpreter);
	if (!error) {
		*next = interpreter.path;
		interpreter.path = NULL;
	}
	pap_command_free(&interpreter);
	return error ? interpreter_failed(r, error, path, "interpreter", script->interpreter) : 1;
}

static int follow(struct resolution *r, const char *start, unsigned env_depth);

/* The program that env will look for on behalf of the script at path. */
static int follow_env(struct resolution *r, const char *path, const char *argument,
		      unsigned env_depth)
{
	struct pap_command program;
	struct pap_env_call call;
	int error;

	if (!pap_env_parse(argument, &call))
		return 0;
	if (call.path_set)
		r->search_path = strcpy(r->env_path, call.path);
	else if (call.path_reset)
		r->search_path = NULL;
	error = pap_command_find(call.program, r->search_path, r->directory, &program);
	if (error == -ENOMEM)
		error = out_of_memory(r);
	else if (error && pap_program_add_missing(r->out, call.program,
						  "program that env runs for %s", path) < 0)
		error = out_of_memory(r);
	else if (error)
		error = 0; /* env will say so itself */
	else if (pap_program_add(r->out, program.path, RUN, "program that env runs for %s", path) <
		 0)
		error = out_of_memory(r);
	else
		error = follow(r, program.path, env_depth + 1);
	pap_command_free(&program);
	return error;
}

static bool is_env(const char *path)
{
	const char *slash = strrchr(path, '/');

	return !strcmp(slash ? slash + 1 : path, "env");
}

static int endless(struct resolution *r, const char *path)
{
	struct name file = show(path);

	pap_fail(r->err, -ELOOP, "\"%s\" is a script whose interpreters are scripts without end",
		 file.text);
	return -ELOOP;
}

/* Follows a file that is in the list already. */
static int follow(struct resolution *r, const char *start, unsigned env_depth)
{
	char *path = strdup(start), *next = NULL;
	struct pap_shebang script;
	char argument[PAP_SHEBANG_SIZE] = "";
	bool env = false;
	int kind = -ENOMEM;

	if (!path)
		return out_of_memory(r);
	for (unsigned depth = 0; (kind = step(r, path, &script, &next)) > 0; depth++) {
		if (depth == PAP_SHEBANG_DEPTH || env_depth == MAX_ENV) {
			kind = endless(r, start);
			free(next);
			break;
		}
		/* The kernel gives its argument to the last interpreter alone. */
		env = is_env(next);
		strcpy(argument, script.argument);
		if (pap_program_add(r->out, next, RUN, "interpreter of %s", path) < 0)
			kind = out_of_memory(r);
		free(path);
		path = next;
		if (kind < 0)
			break;
	}
	free(path);
	if (kind == 0 && env && argument[0])
		kind = follow_env(r, start, argument, env_depth);
	return kind;
}

int pap_program_resolve_request(const struct pap_program_request *request,
				struct pap_program_files *out, struct pap_error *err)
{
	struct resolution r = {
	    .request = request, .out = out, .err = err, .search_path = request->search_path};
	struct pap_command command;
	int error;

	memset(out, 0, sizeof(*out));
	name_directory(&r);
	error = pap_command_find(request->command, r.search_path, r.directory, &command);
	if (error)
		command_failed(&r, error, command.refused);
	else if (pap_program_add(out, command.path, RUN, "the program") < 0)
		error = out_of_memory(&r);
	else
		error = follow(&r, command.path, 0);
	if (!error) {
		out->start = command.name;
		command.name = NULL;
	}
	pap_command_free(&command);
	return error;
}

int pap_program_resolve(const char *command, const char *search_path, int directory,
			struct pap_program_files *out, struct pap_error *err)
{
	struct pap_program_request request = {
	    .command = command, .search_path = search_path, .directory = directory};

	return pap_program_resolve_request(&request, out, err);
}
