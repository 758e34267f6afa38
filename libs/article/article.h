// An article from parse to readers, and what dedupe says of it (proto/kawat/v1/article.proto has each field's meaning).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/time/time.h"

namespace kawat::article {

struct Article {
  std::string id;
  std::string url;
  std::string canonical_url;
  std::string source_id;
  std::string title;
  std::string body;  // paragraphs separated by '\n'
  std::vector<std::string> authors;
  std::string language;
  std::string section;
  std::string agency;
  std::string copyright;
  std::string image_url;
  std::optional<absl::Time> published_time;
  std::optional<absl::Time> modified_time;
  bool zone_assumed = false;
  absl::Time observed_time;
  std::int64_t seq = 0;
  int extractor_version = 0;
  bool text_cut = false;

  int revision = 0;
  std::string cluster_id;
  std::string original_id;  // empty: it is the original

  bool operator==(const Article&) const = default;
};

// What readers sort by: min(published, observed), since published is the publisher's word.
absl::Time SortTime(const Article& article);

// 32 hex digits: the first 128 bits of SHA-256 of the canonical URL.
std::string ArticleId(std::string_view canonical_url);
bool IsArticleId(std::string_view text);  // whether it has that form

struct TakeDown {
  std::string article_id;
  std::string reason;

  bool operator==(const TakeDown&) const = default;
};

using ParsedRecord = std::variant<Article, TakeDown>;  // value of kawat.parsed

// The numbers are those of kawat.v1.Relation.
enum class Relation : int { kUnspecified = 0, kOriginal = 1, kCopy = 2 };

struct Membership {
  std::string article_id;
  int number = 0;  // from 1; the highest holds
  std::string cluster_id;
  Relation relation = Relation::kUnspecified;
  std::string original_id;

  bool operator==(const Membership&) const = default;
};

struct UrlAlias {
  std::string article_id;
  std::string url;

  bool operator==(const UrlAlias&) const = default;
};

// Where the input record of a fact stands; compared, it is the fact's version.
struct Version {
  std::uint32_t log_epoch = 0;
  std::int64_t offset = 0;
  int index = 0;

  auto operator<=>(const Version&) const = default;
};

// That an article owns its body in dedupe's window, and since which record of kawat.parsed.
struct BodyOwnership {
  absl::Time append_time;
  std::int64_t offset = 0;

  bool operator==(const BodyOwnership&) const = default;
};

// Value of kawat.articles.
struct ArticleEvent {
  Version version;                  // in kawat.parsed, partition 0
  std::int64_t complete_below = 0;  // offset in kawat.parsed below which all of dedupe's outputs are acknowledged
  std::variant<Article, Membership, UrlAlias, TakeDown> fact;
  std::optional<BodyOwnership> body_ownership;  // of an Article: dedupe would know it again from here

  bool operator==(const ArticleEvent&) const = default;
};

// Keys of kawat.articles.
std::string RevisionKey(std::string_view article_id, int revision);
std::string MembershipKey(std::string_view article_id, int number);
std::string AliasKey(std::string_view article_id, std::string_view url);
std::string TakeDownKey(std::string_view article_id);

}  // namespace kawat::article
