// The least that every library needs of UTF-8. Normal forms and words: text/.
#pragma once

#include <string>
#include <string_view>

namespace kawat::base {

// Without overlong forms, surrogates or what lies beyond U+10FFFF.
bool IsValidUtf8(std::string_view bytes);

// `bytes`, with `replacement` in the place of each byte that belongs to no well-formed sequence.
std::string ReplaceInvalidUtf8(std::string_view bytes, std::string_view replacement);

// `utf8`, with `replacement` in the place of each control character (U+0000 to U+001F, U+007F to U+009F): some command
// the terminal that shows them.
std::string ReplaceControls(std::string_view utf8, std::string_view replacement);

// `code_point` must be a Unicode scalar value.
void AppendUtf8(char32_t code_point, std::string& out);

}  // namespace kawat::base
