# SPDX-License-Identifier: BSD-2-Clause
# Interpreters and virtual machines: threads, children, files.

load lib

setup() {
	enter_work
	mkdir out
	numbers 500 >data/numbers
	cp data/numbers outside/numbers
}

teardown() {
	leave_work
}

@test "perl" {
	cat >data/script.pl <<'SCRIPT'
use strict; use warnings;
use POSIX qw(strftime); use Digest::SHA qw(sha256_hex); use List::Util qw(sum);
open my $f, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
my @lines = <$f>;
print scalar(@lines), ' ', sha256_hex(@lines), ' ', sum(map { (split)[0] } @lines), "\n";
print join(',', map { s/.*\///r } sort glob 'data/*'), "\n";
pipe my $r, my $w or die;
unless (fork) { close $r; print $w "child\n"; exit 3 }
close $w; print <$r>; wait; print $? >> 8, "\n";
print `echo from a shell`, strftime('%Y', gmtime 0), "\n";
if (@ARGV > 1) { open my $o, '>', $ARGV[1] or die "$ARGV[1]: $!\n"; print $o "written\n" }
SCRIPT
	agree follow perl
	grep -q '^500 ' seen/in.out
	grep -q 'from a shell' seen/in.out
	refused "outside/numbers: Permission denied" follow perl data/numbers=outside/numbers
	refused "outside/new: Permission denied" follow perl data/numbers="data/numbers outside/new"
}

@test "ruby" {
	cat >data/script.rb <<'SCRIPT'
require 'json'; require 'digest'; require 'tmpdir'
text = File.read(ARGV[0])
puts JSON.dump(files: Dir['data/*'].sort, sum: Digest::SHA256.hexdigest(text))
puts 4.times.map { |i| Thread.new { text.lines.each_slice(125).to_a[i].sum(&:to_i) } }.sum(&:value)
puts `echo from a shell`
r, w = IO.pipe
pid = fork { r.close; w.puts 'child'; exit 3 }
w.close; puts r.read; Process.wait pid; puts $?.exitstatus
File.write(ARGV[1], 'written') if ARGV[1]
SCRIPT
	agree follow ruby
	grep -q 'from a shell' seen/in.out
	refused "Permission denied" follow ruby data/numbers=outside/numbers
	refused "Permission denied" follow ruby data/numbers="data/numbers outside/new"
}

@test "node with worker threads and files" {
	cat >data/script.js <<'SCRIPT'
const { Worker, isMainThread, parentPort, workerData } = require('worker_threads');
const fs = require('fs'), { execFileSync } = require('child_process');
const sum = (lines) => lines.reduce((s, l) => s + parseInt(l || '0'), 0);
async function main() {
  const lines = (await fs.promises.readFile(process.argv[2], 'utf8')).split('\n');
  const parts = [0, 1, 2].map((i) => new Promise((done, fail) => {
    const worker = new Worker(__filename, { workerData: lines.filter((l, n) => n % 3 === i) });
    worker.on('message', done); worker.on('error', fail);
  }));
  const total = (await Promise.all(parts)).reduce((a, b) => a + b);
  console.log(total === sum(lines), (await fs.promises.readdir('data')).length);
  console.log(execFileSync('echo', ['from a child']).toString().trim());
  fs.writeFileSync(process.argv[3], String(total));
  fs.renameSync(process.argv[3], process.argv[3] + '.done');
  console.log(fs.statSync(process.argv[3] + '.done').size);
}
if (isMainThread) main().catch((e) => { console.error(e.message); process.exit(1); });
else parentPort.postMessage(sum(workerData));
SCRIPT
	agree follow node
	grep -q '^true ' seen/in.out
	rm out/result.done
	confined follow node
	[ -s out/result.done ]
	refused "EACCES: permission denied, open 'outside/numbers'" follow node data/numbers=outside/numbers
	refused "EACCES: permission denied, open 'outside/result'" follow node out/result=outside/result
	grants+=(--ro /etc/ssl)
	agree node -e 'new (require("worker_threads").Worker)(
		"console.log(require(\"fs\").readFileSync(\"data/numbers\").length)", { eval: true })'
	grep -qE '^[0-9]+$' seen/in.out
	refused EACCES node -e 'require("fs").readdirSync("outside")'
}

@test "java" {
	mkdir keys
	local make="-genkeypair -keyalg EC -dname CN=test -validity 3650 -alias one"
	confined follow java -list="$make"
	[ -s keys/store ]
	agree follow java
	grep -q 'PrivateKeyEntry' seen/in.out
	cp keys/store outside/store
	# java's words for every file that cannot be opened
	refused "Keystore file does not exist" follow java keys/store=outside/store
	stopped follow java -list="$make" keys/store=outside/new
	[ ! -e outside/new ]
	follow java -list="$make" keys/store=outside/new
	[ -s outside/new ]
}
