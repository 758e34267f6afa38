// Any bytes are a query or InvalidArgument, and what is a query FTS5 understands.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "base/check.h"
#include "services/store/fts5_index.h"
#include "services/store/query.h"
#include "services/store/snippet.h"
#include "tests/support/temp_folder.h"

namespace {

kawat::store::SearchIndex& Index() {
  static const auto* const folder = new kawat::support::TempFolder();
  static const auto* const index = [] {
    auto opened = kawat::store::OpenFts5Index(folder->path() / "index.sqlite");
    KAWAT_CHECK(opened.ok(), "no index");
    const kawat::store::Document document{
        .article_id = "a", .position = 1, .title = "gempa 東京", .body = "banjir di jakarta"};
    KAWAT_CHECK((*opened)->Update({&document, 1}, {}, 1).ok(), "no document");
    return new std::unique_ptr<kawat::store::SearchIndex>(*std::move(opened));
  }();
  return **index;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using kawat::store::IndexTerm;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<kawat::store::Query> query = kawat::store::ParseQuery(text);
  if (!query.ok()) {
    KAWAT_CHECK(query.status().code() == absl::StatusCode::kInvalidArgument, "another error than InvalidArgument");
    return 0;
  }
  kawat::store::IndexQuery resolved;
  std::vector<std::string> phrases;
  for (const kawat::store::Clause& clause : query->clauses) {
    std::vector<IndexTerm> terms;
    for (const kawat::store::Term& term : clause.any_of) {
      const bool is_text = term.kind == kawat::store::Term::Kind::kText;
      terms.push_back({.kind = is_text ? IndexTerm::Kind::kText : IndexTerm::Kind::kSource, .text = term.text});
      phrases.push_back(term.text);
    }
    (clause.excluded ? resolved.none_of : resolved.all_of).push_back(std::move(terms));
  }
  KAWAT_CHECK(Index().Find(resolved, 10, {}).ok(), "FTS5 refused a query");
  static_cast<void>(kawat::store::Snippet(text, phrases));
  return 0;
}
