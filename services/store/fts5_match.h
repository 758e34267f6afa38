// An IndexQuery as FTS5 writes it, and the facets of a document.
#pragma once

#include <optional>
#include <string>

#include "services/store/search_index.h"

namespace kawat::store {

// The MATCH expression; empty: every document matches. nullopt: no document can.
std::optional<std::string> MatchExpression(const IndexQuery& query);

// What the column `facets` holds: verbatim tokens.
std::string FacetsOf(const Document& document);

}  // namespace kawat::store
