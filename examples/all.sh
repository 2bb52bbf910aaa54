#!/bin/sh
# Write all runs of the demo from nothing: about 110 runs, a few minutes on two cores.
#
#     pip install '.[examples]'
#     sh examples/all.sh
#
# Run it in the root of the project. It only ever adds runs; to begin anew, move runs/ away first.
set -eu
python=${PYTHON:-python}

for seed in 0 1 2 3; do
    for k in 1 9; do $python examples/digits.py --model knn --k $k --seed $seed; done
    for c in 0.01 1; do $python examples/digits.py --model logistic --C $c --seed $seed; done
    for gamma in 0.01 0.1 1; do $python examples/digits.py --model svm --gamma $gamma --seed $seed; done
    $python examples/digits.py --model forest --trees 200 --seed $seed
done

for seed in 0 1 2 3; do
    for c in 0.1 1; do
        $python examples/breast_cancer.py --C $c --weights none --seed $seed
        $python examples/breast_cancer.py --C $c --weights balanced --seed $seed
    done
done

for seed in 0 1 2; do
    $python examples/diabetes.py --model mean --seed $seed
    $python examples/diabetes.py --model ridge --alpha 0.1 --seed $seed
    $python examples/diabetes.py --model ridge --alpha 10 --seed $seed
    $python examples/diabetes.py --model forest --seed $seed
    $python examples/diabetes.py --model boosting --rate 0.03 --seed $seed
    $python examples/diabetes.py --model boosting --rate 0.3 --seed $seed
done

$python examples/numpy_network.py --sweep 4

# One run fails: a minus was lost, the weights overflow, and the guard in the script raises.
$python examples/numpy_network.py --lr 1e5 --decay 0.01 || echo "failed, as it should"

# One run is killed before it can say anything: its record just ends, and it stays open.
network=vision/numpy-network
$python examples/numpy_network.py --width 64 --epochs 400 &
lines() { cat runs/$network/sgd-lr-0.1-width-64-seed-0/run.jsonl 2>/dev/null | wc -l; }
while [ "$(lines)" -lt 20 ]; do sleep 0.05; done
kill -KILL $!
wait $! || echo "killed, as it should be"

# What people add later goes into files of its own.
$python examples/numpy_network.py --optimizer adam --lr 0.01 --epochs 3 --seed 9
$python -m staticrun runs note $network/adam-lr-0.01-width-32-seed-9 "A first try, too short."
$python -m staticrun runs archive $network/adam-lr-0.01-width-32-seed-9
$python -m staticrun runs note $network/sgd-lr-100000-width-32-seed-0 \
    "The rate was to be 1e-5. **The minus was lost.**"
$python -m staticrun runs tag $network/sgd-lr-100000-width-32-seed-0 mistake=rate

for program in gzip bzip2 xz zstd; do
    sh examples/shell.sh $program records
    sh examples/shell.sh $program numbers
done

# What the registry holds: candidates for release, which keep their weights.
for c in 0.01 1 100; do $python examples/release.py digits --C $c; done
for alpha in 10 1 0.1; do $python examples/release.py diabetes --alpha $alpha; done
