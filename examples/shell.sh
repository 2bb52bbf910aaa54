#!/bin/sh
# How small do run records become, with which program and level?
#
# Logging needs no library: a run is a folder with run.jsonl in it, and a record is one line of
# JSON that is appended. This script measures gzip, bzip2, xz or zstd on one input, with the
# compression level as the step of the metrics.
#
#     sh examples/shell.sh gzip records      the run.jsonl files of vision/numpy-network, in a row
#     sh examples/shell.sh xz numbers        the numbers 1 to 200,000, one a line
#
# STATICRUN_ROOT (default: here) is the project whose runs/ gets the run.
set -eu
program=$1 input=$2
root=${STATICRUN_ROOT:-.}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
case $input in
records) cat "$root"/runs/vision/numpy-network/*/run.jsonl >"$work/data" ;;
numbers) seq 1 200000 >"$work/data" ;;
*) echo "shell.sh: input is records or numbers, not $input" >&2; exit 2 ;;
esac
bytes=$(wc -c <"$work/data")
digest=$(sha256sum "$work/data" | cut -d ' ' -f 1)

now() { date +%s.%3N; }
run=$root/runs/compression/$program-$input
mkdir -p "$root/runs/compression"
mkdir "$run" # fails when the run is there already: nothing is ever overwritten
log() { echo "$1" >>"$run/run.jsonl"; }

# 26 characters, sortable by time and unique: nanoseconds and seven random digits.
id=$(date +%s%N)$(od -An -N4 -tu4 /dev/urandom | awk '{ printf "%07d", $1 % 10000000 }')
log "{\"type\":\"start\",\"format\":1,\"time\":$(now),\"id\":\"$id\",\"name\":\"$program $input\",\"command\":[\"sh\",\"examples/shell.sh\",\"$program\",\"$input\"]}"
log "{\"type\":\"params\",\"values\":{\"program\":\"$program\",\"input\":\"$input\"}}"
log "{\"type\":\"dataset\",\"name\":\"$input\",\"digest\":\"$digest\",\"role\":\"input\",\"source\":\"$bytes bytes\"}"

smallest=$bytes
for level in 1 2 3 4 5 6 7 8 9; do
    begin=$(date +%s%N)
    packed=$($program -c "-$level" "$work/data" | wc -c)
    end=$(date +%s%N)
    ratio=$(awk "BEGIN { printf \"%.3f\", $bytes / $packed }")
    seconds=$(awk "BEGIN { printf \"%.3f\", ($end - $begin) / 1e9 }")
    log "{\"type\":\"metrics\",\"step\":$level,\"time\":$(now),\"values\":{\"bytes\":$packed,\"ratio\":$ratio,\"seconds\":$seconds}}"
    if [ "$packed" -lt "$smallest" ]; then smallest=$packed; fi
done

log "{\"type\":\"summary\",\"values\":{\"input/bytes\":$bytes,\"smallest/bytes\":$smallest}}"
log "{\"type\":\"end\",\"time\":$(now),\"status\":\"finished\"}"
echo "compression/$program-$input"
