#!/bin/bash
# A trajectory in ten pieces of 500 frames, each analysed by one job, and then joined:
#   piece=$(sbatch --parsable examples/trajectory.sh)
#   sbatch --dependency=afterok:$piece --wrap 'target/debug/analyze --merge part-* --out all'
#SBATCH --array=0-9
#SBATCH --cpus-per-task=4
#SBATCH --mem=4G
#SBATCH --time=01:00:00
set -euo pipefail

frames=500
first=$((SLURM_ARRAY_TASK_ID * frames))
target/debug/analyze melt.lammpstrj.gz --types Cu,Zr \
    --frames "$first:$((first + frames))" \
    --out "part-$(printf %03d "$SLURM_ARRAY_TASK_ID")" \
    --threads "$SLURM_CPUS_PER_TASK" --quiet
