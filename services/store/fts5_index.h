// SearchIndex on SQLite's FTS5: one file a shard, consistent after SIGKILL.
//
//   docs    rowid = -position, so that ascending rowids are newest first; the article's id, and its text compressed,
//           since FTS5 3.40 removes a document only when given the text that was indexed
//   search  the postings, without content of their own: title, body, and facets (source, language, site) as verbatim
//           tokens
//   meta    the last sequence number, written in the transaction of the postings
//
// What it holds can be made again from the shard's state, so a file that is damaged, or of another version, is deleted
// and begun anew: by OpenFts5Index if that finds it so, by Clear if a later call does.
#pragma once

#include <filesystem>
#include <memory>

#include "absl/status/statusor.h"
#include "services/store/search_index.h"

namespace kawat::store {

// Opens or makes the file. Errors: Internal and the like, naming the path.
absl::StatusOr<std::unique_ptr<SearchIndex>> OpenFts5Index(const std::filesystem::path& path);

}  // namespace kawat::store
