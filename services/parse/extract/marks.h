// What an element's tag and the words of its attributes say of it.
#pragma once

#include <cstdint>
#include <string_view>

namespace kawat::parse::extract {

// What a tag, or the words of class, id and role, say of an element. Bits.
namespace mark {
inline constexpr std::uint32_t kBlock = 1U << 0;
inline constexpr std::uint32_t kHeading = 1U << 1;
inline constexpr std::uint32_t kLink = 1U << 2;
inline constexpr std::uint32_t kListItem = 1U << 3;
inline constexpr std::uint32_t kDropTag = 1U << 5;   // navigation, asides, captions: not the article's text
inline constexpr std::uint32_t kComments = 1U << 6;  // readers' words
inline constexpr std::uint32_t kDropWord = 1U << 7;  // its class or id says: share, related, newsletter ...
inline constexpr std::uint32_t kWeakWord = 1U << 8;  // it may be, when it holds little: author, meta, box ...
inline constexpr std::uint32_t kHidden = 1U << 9;
inline constexpr std::uint32_t kBodyName = 1U << 10;  // itemprop or class like article-body
inline constexpr std::uint32_t kArticleTag = 1U << 11;
inline constexpr std::uint32_t kStoryName = 1U << 12;  // class like story, post, entry
inline constexpr std::uint32_t kMainName = 1U << 13;   // <main>, role=main, class like content
inline constexpr std::uint32_t kParagraph = 1U << 14;  // <p>
inline constexpr std::uint32_t kQuote = 1U << 15;
inline constexpr std::uint32_t kFirstHeading = 1U << 16;  // <h1>
}  // namespace mark

// Nothing of a text is in such an element: script, form fields, pictures. Not together with other marks.
inline constexpr std::uint32_t kSkip = 1U << 31;

// Of a tag, lower case: marks, or kSkip.
std::uint32_t MarksOfTag(std::string_view tag);

// Of a class or an id.
std::uint32_t MarksOfName(std::string_view name);

}  // namespace kawat::parse::extract
