// The least that every library needs of UTF-8. Normal forms and words: text/.
#pragma once

#include <string>
#include <string_view>

namespace kawat::base {

// Without overlong forms, surrogates or what lies beyond U+10FFFF.
bool IsValidUtf8(std::string_view bytes);

// `code_point` must be a Unicode scalar value.
void AppendUtf8(char32_t code_point, std::string& out);

}  // namespace kawat::base
