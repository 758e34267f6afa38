// A world of real pages: DIR/gold.jsonl (page, url, optionally source and group) and DIR/pages/, plain or .gz.
#pragma once

#include <filesystem>

#include "absl/status/statusor.h"
#include "services/newsroom/world.h"

namespace kawat::newsroom {

// Each page at its host and path, and a feed per host that links them. Of two entries with one URL the first is served.
// Errors: NotFound, InvalidArgument (a line that is not such an object), naming file and line.
absl::StatusOr<World> LoadPages(const std::filesystem::path& folder);

}  // namespace kawat::newsroom
