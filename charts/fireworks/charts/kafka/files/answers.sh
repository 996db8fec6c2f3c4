#!/bin/bash
# Exit 0 where the broker answers an ApiVersions request (version 0) on its client port: what
# kafka-broker-api-versions.sh asks, without a second JVM of a hundred MB every few seconds.
set -euo pipefail
# By name: bash tries each of its addresses, IPv4 and IPv6.
exec 3<>/dev/tcp/localhost/9092
# size 15 | api 18, version 0 | correlation 7 | client id "probe"
printf '\x00\x00\x00\x0f\x00\x12\x00\x00\x00\x00\x00\x07\x00\x05probe' >&3
# The answer: size, the same correlation, error 0. Read as text: NUL bytes are dropped by bash, so
# through od.
answer=$(head -c 10 <&3 | od -An -tx1 -j4 | tr -d ' \n')
[ "$answer" = 000000070000 ]
