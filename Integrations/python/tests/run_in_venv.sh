#!/bin/bash
# run_in_venv.sh [--all] [FOLDER]: installs the engines into a virtual environment and runs the recipes with them.
#
# Dask, datasets and pyarrow; with --all also Spark (which needs Java), Ray and Beam. Where nothing can be installed,
# because there is no network or no venv module, the recipe without an engine runs alone, and this is said. Last line: `N passed, M failed`.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
packages=("dask[bag]==2026.8.0" "datasets==5.2.0" "pyarrow==25.0.1" "numpy==2.4.6")
need=dask_bag,hf_datasets,parquet_columns
records=600
if [ "${1:-}" = --all ]; then
  shift
  packages+=("pyspark==4.3.0" "ray[data]==2.60.0" "apache-beam==2.77.0")
  need=$need,spark_pipe,ray_data,beam_pipeline
fi
folder=${1:-$here/../../../.build/engines}
if { [ -x "$folder/bin/python" ] || python3 -m venv "$folder"; } &&
  "$folder/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}" </dev/null; then
  exec "$folder/bin/python" "$here/run_recipes.py" --records "$records" --need "$need" --times
fi
echo "run_in_venv: the engines cannot be installed here; only what needs none is run"
exec python3 "$here/run_recipes.py" --records "$records"
