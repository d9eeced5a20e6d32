#!/bin/sh
# Makes three.min.js again from the published packages, in a temporary folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$(mktemp -d)"
npm init --yes >/dev/null
npm install --save-exact three@0.187.0 esbuild@0.28.2
cp "$here/entry.js" .
npx esbuild entry.js --bundle --minify --format=iife --global-name=THREE --target=es2022 \
    --legal-comments=none --charset=ascii --outfile="$here/three.min.js"
cp node_modules/three/LICENSE "$here/LICENSE-three.txt"
