// The part of a text that shows why it was found.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kawat::store {

inline constexpr std::size_t kSnippetBytes = 240;

// Plain text of about kSnippetBytes round the first place where one of `phrases` stands, on one line, with "…" where it
// was cut; the text's beginning when none does. Looks at the first 64 KiB.
std::string Snippet(std::string_view text, const std::vector<std::string>& phrases);

}  // namespace kawat::store
