// The words and sentence forms of one language. Forms have slots: {place} {org} {topic} {role} {person} {day} {n} {m}.
#pragma once

#include <string_view>
#include <vector>

namespace kawat::newsroom {

struct Vocabulary {
  std::string_view language;  // "id"
  std::string_view between_sentences;
  std::vector<std::string_view> places, orgs, topics, roles, days, given_names, family_names, sections;
  bool family_name_first = false;
  std::string_view between_names;
  std::vector<std::string_view> titles;     // forms
  std::vector<std::string_view> sentences;  // forms
};

const Vocabulary& Indonesian();
const Vocabulary& English();
const Vocabulary& Japanese();

// "id", "en" or "ja".
const Vocabulary& VocabularyOf(std::string_view language);

}  // namespace kawat::newsroom
