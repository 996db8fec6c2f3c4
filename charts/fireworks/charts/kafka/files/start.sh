#!/bin/bash
# Formats the storage once and starts the broker. The node's number is the pod's ordinal;
# everything else is in server.properties.
set -euo pipefail
id=${POD_NAME##*-}
config=/run/kafka/server.properties
data=/var/lib/kafka/data
{
	cat /etc/fireworks/server.properties
	echo "node.id=$id"
	echo "advertised.listeners=CLIENT://$POD_NAME.$HEADLESS_DOMAIN:9092"
} >"$config"
# meta.properties is the last file that a format writes. Without it, the storage was never
# formatted, or the format was interrupted: format (again).
if [ ! -f "$data/meta.properties" ]; then
	/opt/kafka/bin/kafka-storage.sh format --ignore-formatted --cluster-id "$CLUSTER_ID" --config "$config"
fi
exec /opt/kafka/bin/kafka-server-start.sh "$config"
