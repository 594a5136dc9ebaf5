-- Sends the requests of a file, parted by zero bytes, one after another: wrk … -- FILE
-- Says on its last line: answers, errors, microseconds.

local requests, last = {}, 0

function init(args)
  local file = assert(io.open(args[1], "rb"))
  for each in file:read("*a"):gmatch("[^%z]+") do
    requests[#requests + 1] = each
  end
  file:close()
end

function request()
  last = last % #requests + 1
  return requests[last]
end

function done(summary)
  local e = summary.errors
  local errors = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format("%d %d %d\n", summary.requests, errors, summary.duration))
end
