# A server that answers the greeting, closes its input and stays.
read -r _greeting
echo '{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"closing","version":"1"}}}'
exec 0<&-
sleep 60
