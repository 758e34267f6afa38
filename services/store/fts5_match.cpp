#include "services/store/fts5_match.h"

#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/store/fts5_tokenizer.h"

namespace kawat::store {
namespace {

// "\x01s=japan-today". Neither blanks nor quotes nor control characters can be in it: they would end the token or the
// string.
std::string Facet(char kind, std::string_view value) {
  std::string token = {kVerbatim, kind, '='};
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    token.push_back(c == '"' || byte <= ' ' ? '_' : absl::ascii_tolower(byte));
  }
  return token;
}

const std::string& AnyDocument() {
  static const auto* const facet = new std::string(Facet('a', ""));
  return *facet;
}

std::string Expression(const IndexTerm& term) {
  switch (term.kind) {
    case IndexTerm::Kind::kText:
      return QuoteForMatch(term.text);
    case IndexTerm::Kind::kSource:
      return absl::StrCat("\"", Facet('s', term.text), "\"");
    case IndexTerm::Kind::kLanguage:
      return absl::StrCat("\"", Facet('l', term.text), "\"");
    case IndexTerm::Kind::kSite:
      return absl::StrCat("\"", Facet('h', term.text), "\"");
  }
  return "";
}

std::string AnyOf(const std::vector<IndexTerm>& terms) {
  std::vector<std::string> expressions;
  for (const IndexTerm& term : terms) {
    if (std::string expression = Expression(term); !expression.empty()) {
      expressions.push_back(std::move(expression));
    }
  }
  return absl::StrJoin(expressions, " OR ");
}

}  // namespace

std::optional<std::string> MatchExpression(const IndexQuery& query) {
  std::vector<std::string> required;
  for (const std::vector<IndexTerm>& terms : query.all_of) {
    const std::string any = AnyOf(terms);
    if (any.empty()) {
      return std::nullopt;
    }
    required.push_back(absl::StrCat("(", any, ")"));
  }
  std::vector<std::string> excluded;
  for (const std::vector<IndexTerm>& terms : query.none_of) {
    if (std::string any = AnyOf(terms); !any.empty()) {
      excluded.push_back(std::move(any));
    }
  }
  if (excluded.empty()) {
    return absl::StrJoin(required, " AND ");
  }
  if (required.empty()) {
    required.push_back(absl::StrCat("\"", AnyDocument(), "\""));
  }
  return absl::StrCat("(", absl::StrJoin(required, " AND "), ") NOT (", absl::StrJoin(excluded, " OR "), ")");
}

std::string FacetsOf(const Document& document) {
  std::vector<std::string> facets = {AnyDocument(), Facet('s', document.source_id)};
  if (!document.language.empty()) {
    facets.push_back(Facet('l', document.language));
  }
  std::string_view host = document.host;  // and the domains above it, without the top
  while (!host.empty()) {
    facets.push_back(Facet('h', host));
    const std::size_t dot = host.find('.');
    host = dot == std::string_view::npos ? std::string_view() : host.substr(dot + 1);
    if (host.find('.') == std::string_view::npos) {
      break;
    }
  }
  return absl::StrJoin(facets, " ");
}

}  // namespace kawat::store
