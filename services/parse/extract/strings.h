// Small questions about std::string_view that the rules of extraction ask. Letters are compared as ASCII; other bytes
// as they stand.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace kawat::parse::extract {

inline char LowerChar(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
inline bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'; }
inline bool IsDigit(char c) { return c >= '0' && c <= '9'; }
inline bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string Lower(std::string_view text);
std::string_view Trim(std::string_view text);
bool EqualsIgnoringCase(std::string_view a, std::string_view b);
bool StartsWithIgnoringCase(std::string_view text, std::string_view prefix);
bool ContainsIgnoringCase(std::string_view text, std::string_view part);
bool ContainsAny(std::string_view text, std::initializer_list<std::string_view> parts);  // case matters
std::string Join(std::initializer_list<std::string_view> parts);

// How long a text is for a reader: characters, those of CJK (which say more) twice, a run of white space as one.
std::size_t ReadingLength(std::string_view text);

// Letters and digits alone, folded: two texts that differ in quotes, dashes, width or case are equal.
std::string Skeleton(std::string_view text);

// "&amp;" and the like, as some sites write them twice. Those of XML, the usual ones of quotes,
// dashes and umlauts, and numbers; others stay as they are.
std::string DecodeEntities(std::string_view text);

// Without <tags>, entities decoded, block tags as line breaks.
std::string StripTags(std::string_view text);

}  // namespace kawat::parse::extract
