// The indexed text of a document: the three columns of the table `search`, and how they are kept for their removal.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace kawat::store {

struct Columns {
  std::string title;
  std::string body;
  std::string facets;
};

// `text` so that the tokenizer takes it for text, whatever it begins with.
std::string PlainText(std::string_view text);

// As one string, compressed; and back. Unpack: DataLoss.
std::string Pack(const Columns& columns);
absl::StatusOr<Columns> Unpack(std::string_view packed);

}  // namespace kawat::store
