# SPDX-License-Identifier: BSD-2-Clause
# Editors, searchers and builders, and programs written in Go and Rust.

load lib

setup() {
	enter_work
	mkdir out
	numbers 300 >data/numbers
	printf 'a needle here\nand none there\n' >data/text
	mkdir data/deep
	printf 'needle\nneedle\n' >data/deep/more.txt
	printf 'other\n' >data/deep/third.txt
}

teardown() {
	leave_work
}

@test "make builds a project with two jobs" {
	mkdir project
	cat >project/Makefile <<'RULES'
prog: main.o $(patsubst %,part%.o,1 2 3 4)
	$(CC) -o $@ $^
%.o: %.c all.h
	@echo '$(MAKEFLAGS)' | grep -q jobserver
	$(CC) -O2 -c -o $@ $<
all.h: ; (for i in 1 2 3 4; do echo "int part$$i(void);"; done) >$@
part%.c: ; printf '#include "all.h"\nint part$*(void) { return $*; }\n' >$@
clean: ; rm -f prog *.o all.h part*.c
.PRECIOUS: part%.c
RULES
	printf '#include "all.h"\nint main(void) { return part1() + part2() + part3() + part4(); }\n' \
		>project/main.c
	follow make >seen/log
	sum=$(sha256sum <project/prog)
	follow make make="make clean" >seen/log
	[ ! -e project/prog ]
	confined follow make >seen/log
	[ "$(sha256sum <project/prog)" = "$sum" ]
	status=0
	project/prog || status=$?
	[ "$status" = 10 ]
	agree follow make
	grep -q "up to date" seen/in.out
	cp -r project outside/project
	refused "Makefile: Permission denied" follow make make="make -f Makefile -B prog" "-C project"="-C outside/project"
	echo 'int part1(void) { return 1; }' >outside/part.c
	echo '#include "../outside/part.c"' >project/main.c
	refused "outside/part.c: Permission denied" follow make make="make -W main.c main.o"
}

@test "vim edits a file" {
	cp data/text seen/text
	confined follow vim
	[ "$(head -n 1 data/text)" = "a pin here" ]
	sed -i s/pin/needle/ data/text
	cmp data/text seen/text
	follow vim data/text=outside/secret needle=nobody
	grep -q "^pin inside" outside/secret
	stopped follow vim data/text=outside/secret pin=needle needle=pin
	grep -q "^pin inside" outside/secret
	stopped follow vim data/text=outside/new -c="-c 'normal ihello' -c"
	[ ! -e outside/new ]
	both follow vim "-c wq"="-c 'w! $work/outside/copy' -c qa!"
	[ "$bare" = 0 ]
	rm outside/copy
	stopped follow vim "-c wq"="-c 'w! $work/outside/copy' -c 'cq'"
	[ ! -e outside/copy ]
}

# A person at a terminal: drives COMMAND through a pty; first looks for each text on the
# screen, then types what belongs to it.
driver() {
	cat <<'SCRIPT'
import fcntl, os, pty, select, struct, sys, termios, time
steps, command = eval(sys.argv[1]), sys.argv[2:]
pid, fd = pty.fork()
if not pid:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("4H", 24, 200, 0, 0))
    os.environ["TERM"] = "xterm"
    os.execvp(command[0], command)
screen, last = b"", time.monotonic() + 30
def more():
    if not select.select([fd], [], [], max(0, last - time.monotonic()))[0]:
        sys.exit("the screen stays: %r" % screen)
    try:
        return os.read(fd, 4096)
    except OSError:
        return b""
for wanted, typed in steps:
    while wanted.encode() not in screen:
        part = more()
        if not part:
            sys.exit("%r is not among %r" % (wanted, screen))
        screen += part
    screen = b""
    os.write(fd, typed.encode())
while more():
    pass
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
SCRIPT
}

@test "less on a terminal" {
	driver >driver.py
	read -r -a words <<<"$(recipe less | sed 's/.* -- //')"
	grants=(--rx /usr --ro data/numbers)
	steps='[("line 5", "G"), ("line 299", "?line 150\n"), ("line 150", "q")]'
	python3 driver.py "$steps" "${words[@]}"
	python3 driver.py "$steps" "$PAPRIKA" run $WAIVED "${grants[@]}" -- "${words[@]}"
	steps='[("line 5", ":e outside/secret\n"), ("nobody inside", "q")]'
	python3 driver.py "$steps" "${words[@]}"
	steps='[("line 5", ":e outside/secret\n"), ("Permission denied", "q")]'
	python3 driver.py "$steps" "$PAPRIKA" run $WAIVED "${grants[@]}" -- "${words[@]}"
	steps='[("line 5", "!cat outside/secret; echo tried\n"), ("tried\r\n", "\n"), ("line 5", "q")]'
	python3 driver.py "$steps" "${words[@]}"
	python3 driver.py "$steps" "$PAPRIKA" run $WAIVED "${grants[@]}" -- "${words[@]}"
	steps='[("line 5", "!cat outside/secret\n"), ("Permission denied", "\nq")]'
	python3 driver.py "$steps" "$PAPRIKA" run $WAIVED "${grants[@]}" -- "${words[@]}"
}

@test "less in a pipe" {
	agree follow less
	cmp seen/in.out data/numbers
	# less succeeds whatever it finds
	both follow less data/numbers=outside/secret
	cmp seen/bare.out outside/secret
	[ "$(cat seen/in.out)" = "outside/secret: Permission denied" ]
}

@test "fzf, written in Go" {
	printf 'haystack\na needle\nsewing-needle\n' >lines
	input=lines
	agree follow fzf
	[ "$(wc -l <seen/in.out)" = 2 ]
	[ "$(head -n 1 seen/in.out)" = "a needle" ]
	# on the screen, with a command of its own beside it
	driver >driver.py
	export SHELL=/bin/sh
	look='exec <lines; exec "$@" --preview "cat outside/secret"'
	steps='[("nobody inside", "sew"), ("1/3", "\r"), ("sewing-needle", "")]'
	python3 driver.py "$steps" sh -c "$look" sh fzf
	steps='[("Permission denied", "sew"), ("1/3", "\r"), ("sewing-needle", "")]'
	python3 driver.py "$steps" sh -c "$look" sh "$PAPRIKA" run $WAIVED --rx /usr -- fzf
}

@test "rg, written in Rust" {
	agree follow rg
	grep -qx 'data/deep/more.txt:2' seen/in.out
	refused "Permission denied" follow rg needle=nobody " data"=" outside"
}

@test "fdfind, written in Rust" {
	agree follow fdfind
	[ "$(wc -l <seen/in.out)" = 2 ]
	# it passes silently over what it cannot list
	both follow fdfind " data"=" outside" " txt"=" sec"
	grep -q " outside/secret$" seen/bare.out
	[ ! -s seen/in.out ]
}

@test "hyperfine, written in Rust" {
	confined follow hyperfine >seen/log
	python3 -c 'import json; r = json.load(open("out/times.json"))["results"][0]
assert r["command"] == "true" and len(r["times"]) == 3, r'
	refused "Permission denied" follow hyperfine out/times.json=outside/times.json
	refused "non-zero exit code: 1" follow hyperfine " true"=" 'cat outside/secret'"
}
