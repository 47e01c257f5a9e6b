#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# test_slurm.sh BUILD_DIR: a sweep as a job array of a real Slurm, of this machine alone, on loopback; BUILD_DIR holds
# mptcp-lab, runs are done by fake_run.c. Needs root and Debian's munge, slurmctld, slurmd and slurm-client; else exit
# status 77. Ends with `N passed, N failed`.
set -u
here=$(cd "$(dirname "$0")" && pwd)
lab=$(cd "${1:?usage: test_slurm.sh BUILD_DIR}" && pwd)/mptcp-lab
PATH=$PATH:/usr/sbin:/sbin
skip() { echo "skipped: $*"; exit 77; }
[ "$(id -u)" = 0 ] || skip "starting a Slurm of one's own needs root"
for program in munged slurmctld slurmd sbatch squeue scancel; do
    command -v "$program" > /dev/null || skip "no $program: apt-get install munge slurmctld slurmd slurm-client"
done

work=$(mktemp -d /tmp/slurm.XXXXXX)
chmod 755 "$work"
cd "$work" || exit 1
daemons=()
stop() {
    scancel --state=PENDING -u root 2> /dev/null
    scancel -u root 2> /dev/null
    [ ${#daemons[@]} = 0 ] || kill "${daemons[@]}" 2> /dev/null
    wait 2> /dev/null
    rm -rf "$work"
}
trap stop EXIT
passed=0
failed=0
. "$here/common.sh"
"${CC:-cc}" -std=gnu11 -O1 -o mptcp-run "$here/fake_run.c" || exit 1
echo "# the fake does not read it" > scenario.yaml

# --- the cluster ---
host=$(hostname -s)
port=$((20000 + $$ % 20000))
mkdir state spool
head -c 1024 /dev/urandom > munge.key
chmod 400 munge.key
cat > slurm.conf <<C
ClusterName=one
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
SlurmctldPort=$port
SlurmdPort=$((port + 20000))
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket
CredType=cred/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=0,sched_min_interval=100000
ReturnToService=2
MpiDefault=none
SwitchType=switch/none
MailProg=/bin/true
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=$(awk '/MemTotal/ { print int($2 / 1024 * 0.9) }' /proc/meminfo) State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
C
export SLURM_CONF=$work/slurm.conf
start() { "$@" > "${1##*/}.log" 2>&1 & daemons+=($!); }
start munged --foreground --force --key-file="$work/munge.key" --socket="$work/munge.socket" --pid-file="$work/munge.pid" \
    --log-file="$work/munge.log" --seed-file="$work/munge.seed" --num-threads=2
for ((i = 0; i < 100; i++)); do [ -S munge.socket ] && break; sleep 0.1; done
start slurmctld -D -f "$SLURM_CONF"
start slurmd -D -f "$SLURM_CONF"
for ((i = 0; i < 150; i++)); do [ "$(sinfo -h -o %T 2> /dev/null)" = idle ] && break; sleep 0.2; done
[ "$(sinfo -h -o %T 2> /dev/null)" = idle ] || {
    tail -3 ./*.log
    skip "Slurm does not start on this machine"
}

# --- a sweep ---
wait_for_jobs() { for ((i = 0; i < 600; i++)); do [ -z "$(squeue -h 2> err)" ] && return; sleep 0.1; done; squeue; false; }
runs_in() { query "$1" 'SELECT count(*) FROM run' 2> query.err || echo 0; }
slurm() { "$lab" slurm grid.yaml --db all.db --run-binary ./mptcp-run --sbatch=--no-requeue "$@" > out 2> err; }
cat > grid.yaml <<'Y'
name: grid
scenario: scenario.yaml
seeds: {first: 7, count: 2}
timeout_s: 20
grid:
  - {key: sleep_ms, values: [100]}
  - {key: a, range: {from: 1, to: 30, step: 1}}
Y
"$lab" sweep grid.yaml --db one.db --run-binary ./mptcp-run -j 8 2> err
check one_machine_does_it equals "$(runs_in one.db)" 60

slurm --array 3 --jobs 1
check array_is_submitted grep -q '^submitted as job [0-9]*:' err
merge=$(cat out)
job=$(sed -n 's/^submitted as job \([0-9]*\):.*/\1/p' err)
second=all.db.shards/shard-2-of-3.db
for ((i = 0; i < 300; i++)); do [ "$(runs_in $second)" -gt 0 ] && break; sleep 0.05; done
scancel --signal=KILL --full "${job}_2"
wait_for_jobs
before=$(runs_in $second)
check killed_task_has_some_of_its_runs test "$before" -gt 0 -a "$before" -lt 20
check others_have_all equals "$(runs_in all.db.shards/shard-1-of-3.db) $(runs_in all.db.shards/shard-3-of-3.db)" "20 20"

# Merged before all is done, a task run once more by hand, the array once more, merged in another order and again.
bash -c "${merge/mptcp-lab/$lab}" > merged 2>&1
check part_can_be_merged equals "$(runs_in all.db)" $((40 + before))
"$lab" sweep "$PWD/grid.yaml" --db all.db.shards/shard-1-of-3.db --shard 1/3 --run-binary ./mptcp-run 2> err
check task_done_twice_does_nothing grep -q 'all 20 runs are done already' err
slurm --array 3 --jobs 1
wait_for_jobs
check killed_task_went_on equals "$(runs_in $second)" 20
for shards in "3 1 2" "2 3 1"; do
    for shard in $shards; do
        "$lab" merge --db all.db "all.db.shards/shard-$shard-of-3.db" > merged 2>&1 || cat merged
    done
done
check merged_equals_one_machine same_results all.db one.db
"$lab" sweep grid.yaml --db all.db --run-binary ./mptcp-run 2> err
check merged_file_is_done grep -q 'all 60 runs are done already' err

# --- two tasks with one file, and wrong input ---
slurm --array 1 --jobs 1 --sbatch=--array=1,1
check other_options_reach_sbatch grep -q '^#SBATCH --array=1,1$' all.db.shards/job.sh
wait_for_jobs
slurm --array 2 --sbatch=--no-such-option
check refusal_of_sbatch_is_told equals "$? $(cat err)" "1 mptcp-lab: sbatch: unrecognized option '--no-such-option'"
slurm --array 2 --write-only
check write_only_submits_nothing equals "$? $(wc -l < err) $(squeue -h | wc -l)" "0 0 0"
mkdir 'a b'
"$lab" slurm grid.yaml --db 'a b/all.db' --array 2 > out 2> err
check path_with_a_blank_is_refused equals "$? $(wc -l < err) $(wc -c < out)" "2 1 0"

echo "$passed passed, $failed failed"
[ $failed = 0 ]
