#include "article/article.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/hash.h"

namespace kawat::article {

absl::Time SortTime(const Article& article) {
  return std::min(article.published_time.value_or(article.observed_time), article.observed_time);
}

std::string ArticleId(std::string_view canonical_url) { return base::Hex(base::Sha256(canonical_url).substr(0, 16)); }

bool IsArticleId(std::string_view text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string RevisionKey(std::string_view article_id, int revision) {
  return absl::StrCat("a/", std::string(article_id), "/", revision);
}

std::string MembershipKey(std::string_view article_id, int number) {
  return absl::StrCat("m/", std::string(article_id), "/", number);
}

std::string AliasKey(std::string_view article_id, std::string_view url) {
  return absl::StrCat("u/", std::string(article_id), "/", ArticleId(url));
}

std::string TakeDownKey(std::string_view article_id) { return absl::StrCat("t/", std::string(article_id)); }

}  // namespace kawat::article
