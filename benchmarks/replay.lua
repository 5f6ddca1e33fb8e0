-- Asks for the requests in a file, one "METHOD PATH ETAG" a line, over and over.
local requests = {}
local position = 0
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(arguments)
  for line in io.lines(arguments[1]) do
    local method, path, etag = line:match("^(%S+) (%S+) ?(%S*)$")
    local headers = { Accept = arguments[2] }
    if etag ~= "" then
      headers["If-None-Match"] = etag
    end
    requests[#requests + 1] = wrk.format(method, path, headers)
  end
  position = math.floor(#requests / 2) * number
end

function request()
  position = position % #requests + 1
  return requests[position]
end

function done(summary)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("%d %d %d\n", summary.requests, summary.duration, failed))
end
