#!/bin/sh
# Makes three.min.js again from the published package. Run in an empty folder with this folder as $1.
set -eu
npm init --yes >/dev/null
npm install --save-exact three@0.187.0 esbuild@0.28.2
cp "$1/entry.js" .
npx esbuild entry.js --bundle --minify --format=iife --global-name=THREE --target=es2022 \
    --legal-comments=none --charset=ascii --outfile="$1/three.min.js"
cp node_modules/three/LICENSE "$1/LICENSE-three.txt"
