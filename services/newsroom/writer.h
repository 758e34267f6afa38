// Writes stories: a title and paragraphs, from a generator and a language's vocabulary.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/newsroom/random.h"
#include "services/newsroom/vocabulary.h"

namespace kawat::newsroom {

// What a revision of an article says.
struct Content {
  std::string title;
  std::vector<std::string> paragraphs;

  std::string Body() const;  // paragraphs separated by '\n'
  bool operator==(const Content&) const = default;
};

// Five to eight paragraphs of three sentences; long enough that each is clearly an article.
Content WriteStory(Random& random, const Vocabulary& vocabulary);

// The next version of `content`: another title, a changed paragraph or one more; never equal to it.
Content Revise(Random& random, const Vocabulary& vocabulary, const Content& content);

std::string WritePerson(Random& random, const Vocabulary& vocabulary);

// "plan-for-the-night-ferry": ASCII letters and digits of `text` with hyphens; empty when it has none.
std::string Slug(std::string_view text);

}  // namespace kawat::newsroom
