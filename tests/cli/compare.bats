#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# paprika compare: enough attacks, controls that hold, forms that agree, models that can fail.

compare() {
	"$PAPRIKA" compare --no-costs "$@"
}

# json EXPRESSION [ARGUMENT...]: m is the models by name, a the attacks by name
json() {
	compare --json "${@:2}" | python3 -c "import json, sys
d = json.load(sys.stdin)
m = {x['name']: x for x in d['models']}
a = {x['name']: x for x in d['attacks']}
print($1)"
}

@test "sixty attacks and more have a control here" {
	[ "$(json "len(a) >= 60, d['controls'] >= 60, d['controls'] == sum(x['control'] for x in a.values())" \
		--model nothing)" = "True True True" ]
}

@test "where nothing confines, nothing is stopped" {
	[ "$(json "m['nothing']['stopped'], m['nothing']['not_expressible'], m['nothing']['not_stopped'] == d['controls'], m['nothing']['job'], m['nothing']['message']" \
		--model nothing)" = "0 0 True True True" ]
}

@test "a filter that allows everything stops what the kernel refuses to any filtered program" {
	run json "[n for n, x in a.items() if x['outcomes'].get('empty-filter') not in (None, 'not stopped')]" \
		--model empty-filter
	[ "$status" -eq 0 ]
	[ "$output" = "[]" ] || [ "$output" = "['ptrace-suspend-seccomp']" ]
}

@test "an attack without control counts for nobody" {
	run json "[x['outcomes'] for x in a.values() if not x['control']] == [{} for x in a.values() if not x['control']], all(x['problem'] for x in a.values() if not x['control'])" \
		--model strict --attack entries
	[ "$output" = "True True" ]
}

@test "the model that breaks the job says so" {
	[ "$(json "m['strict']['job'], m['strict']['message'], m['strict']['stopped'], m['strict']['broke'] > 0" \
		--model strict --attack passing)" = "False False 0 True" ]
	run compare --model strict --attack passing
	[[ "$output" == *BROKEN*BROKEN* ]]
}

@test "our own models keep the job, and what they let through is told" {
	for model in policy pledge capability-mode; do
		run compare --model $model --attack forgotten-file
		[ "$status" -eq 0 ]
		[[ "$output" == *"works  works"* ]]
		[[ "$output" == *"Let through:"*"forgotten-file."* ]]
	done
}

@test "what only one model can say" {
	[ "$(json "[x['outcomes']['capability-mode'] for x in a.values()] == ['stopped'] * len(a)" \
		--model capability-mode --attack write-input)" = True ]
	[ "$(json "a['write-input']['outcomes']['pledge']" --model pledge --attack write-input)" = \
		"not expressible" ]
	[ "$(json "a['absolute-path']['outcomes']['allow-list']" --model allow-list \
		--attack absolute-path)" = "not expressible" ]
	[ "$(json "a['absolute-path']['outcomes']['landlock']" --model landlock \
		--attack absolute-path)" = "stopped" ]
}

@test "text and object agree" {
	compare --attack passing > "$BATS_TEST_TMPDIR/text"
	compare --attack passing --json > "$BATS_TEST_TMPDIR/json"
	python3 - "$BATS_TEST_TMPDIR" <<'END'
import json, re, sys
d = json.load(open(sys.argv[1] + "/json"))
text = open(sys.argv[1] + "/text").read()
marks = {"stopped": "#", "not stopped": ".", "not expressible": "-", "broke the job": "B",
         "untried": " "}
seen = 0
for attack in d["attacks"]:
    row = re.search(rf"^  {attack['name']:22}((?: .)*)  \w", text, re.M).group(1)[1::2]
    told = "".join(marks[attack["outcomes"][m["name"]]] for m in d["models"])
    assert row == told, (attack["name"], row, told)
    seen += 1
assert seen == 5, seen
END
}

@test "costs are measured, and none where the call cannot be made" {
	run "$PAPRIKA" compare --json --model strict --attack forgotten-file
	[ "$status" -eq 0 ]
	python3 -c "import json, sys
c = json.loads(sys.argv[1])['models'][0]['costs']
assert c['read'] > 0 and set(c) == {'read'}, c" "$output"
	run "$PAPRIKA" compare --json --model pledge --attack forgotten-file
	python3 -c "import json, sys
c = json.loads(sys.argv[1])['models'][0]['costs']
assert set(c) == {'read', 'open', 'getppid'} and min(c.values()) > 0, c" "$output"
}

@test "the picture is one" {
	compare --attack passing --svg "$BATS_TEST_TMPDIR/picture.svg" > /dev/null
	python3 - "$BATS_TEST_TMPDIR/picture.svg" <<'END'
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
squares = [r for r in root.iter() if r.tag.endswith("title")]
assert root.tag.endswith("svg") and len(squares) >= 5 * 10, len(squares)
END
	run compare --attack forgotten-file --model nothing --svg /nowhere/picture.svg
	[ "$status" -eq 125 ]
	[[ "$output" == *"cannot write /nowhere/picture.svg"* ]]
}

@test "nothing is left behind" {
	mkdir "$BATS_TEST_TMPDIR/ground"
	chmod 1777 "$BATS_TEST_TMPDIR/ground"
	TMPDIR="$BATS_TEST_TMPDIR/ground" compare --attack changes --model nothing > /dev/null
	[ -z "$(ls -A "$BATS_TEST_TMPDIR/ground")" ]
}

@test "lists, and words that mean nothing" {
	run compare --list
	[ "$status" -eq 0 ]
	[[ "$output" == *capability-mode*paths:*absolute-path* ]]
	run compare --model dockre
	[ "$status" -eq 125 ]
	[[ "$output" == *'there is no model "dockre"'*"--list"* ]]
	run compare --attakc x
	[ "$status" -eq 125 ]
	[[ "$output" == *"did you mean --attack?"* ]]
	run compare --svg
	[ "$status" -eq 125 ]
	[[ "$output" == *"--svg needs a value"* ]]
}
