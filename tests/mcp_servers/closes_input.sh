# A server that closes its input, answers the greeting all the same, and stays. The input is closed
# first: what is sent after the answer then surely meets a closed pipe.
read -r _greeting
exec 0<&-
echo '{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"closing","version":"1"}}}'
sleep 60
