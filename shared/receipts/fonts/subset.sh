#!/usr/bin/env bash
# How the fonts beside this file were made, once: Noto Sans from Debian's fonts-noto-core, cut with fonttools 4.68 to Latin, Cyrillic and
# the signs a receipt needs. Hints and layout rules go: the PDF sets each letter where we say.
#   fonts/subset.sh FOLDER_WITH_NOTO_SANS
set -euo pipefail
from=$1
to=$(dirname "${BASH_SOURCE[0]}")
letters=U+0020-007E,U+00A0-017F,U+0218-021B,U+02BC,U+0300-0304,U+0306-0308,U+030A-030C,U+0327,U+0328,U+0400-045F,U+0490-0493
signs=U+1E9E,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+202F,U+2030,U+2032,U+2033,U+2039,U+203A,U+2044,U+2070,U+2082,U+20AC,U+20B4
signs=$signs,U+2113,U+2116,U+2122,U+2190-2193,U+2260,U+2264,U+2265,U+2713
for face in Regular Bold; do
    pyftsubset "$from/NotoSans-$face.ttf" --output-file="$to/NotoSans-$face.ttf" --unicodes="$letters,$signs" \
        --no-hinting --layout-features='' --notdef-outline --name-IDs=0,1,2,3,4,5,6,13,14
done
