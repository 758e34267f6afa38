// What a page's JSON-LD says of its article (schema.org). The JSON of real pages is often broken: raw line breaks in
// strings, comments, CDATA, trailing commas; what can be read is read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kawat::parse::extract {

struct JsonLdArticle {
  bool found = false;  // an object of a type of Article
  std::string type;    // "NewsArticle"
  std::string headline;
  std::string date_published;
  std::string date_modified;
  std::vector<std::string> authors;  // names of persons and organisations, as they stand
  std::string body;
  std::string image;
  std::string section;
  std::string language;
  std::string publisher;
  bool is_list = false;  // the page calls itself a collection or a list of items
};

// Fields other than `body` are at most kMaxFactBytes. `page_url`: of several articles, the one of this URL is taken,
// else the first. Nesting deeper than 40 and scripts beyond 2 MiB are not read.
JsonLdArticle ReadJsonLd(const std::vector<std::string_view>& scripts, std::string_view page_url);

}  // namespace kawat::parse::extract
