#include "bus/topics.h"

namespace kawat::bus {
namespace {

constexpr std::int64_t kMiB = 1 << 20;

// A page holds a body of 5 MiB at most; a dead letter holds a whole record of another topic.
constexpr std::int64_t kPageBytes = 6 * kMiB;
constexpr std::int64_t kDeadLetterBytes = 7 * kMiB;

// Only pages may make a producer wait: links and outcomes flow back to fetch, and if those waited too, fetch and parse
// could wait for each other.
constexpr std::int64_t kUnreadPagesBytes = 512 * kMiB;

absl::Duration Days(int days) { return absl::Hours(24) * days; }

}  // namespace

std::vector<TopicSpec> Topics(std::int32_t partitions, int replication) {
  const auto topic = [replication](std::string_view name, std::int32_t count, absl::Duration retention) {
    TopicSpec spec;
    spec.name = name;
    spec.partitions = count;
    spec.replication = replication;
    spec.retention = retention;
    return spec;
  };
  TopicSpec sources = topic(kSources, 1, absl::InfiniteDuration());
  sources.compacted = true;
  TopicSpec pages = topic(kPages, partitions, Days(7));
  pages.max_record_bytes = kPageBytes;
  pages.max_unread_bytes = kUnreadPagesBytes;
  TopicSpec articles = topic(kArticles, partitions, Days(400));
  articles.compacted = true;
  TopicSpec dead_letters = topic(kDeadLetters, partitions, Days(30));
  dead_letters.max_record_bytes = kDeadLetterBytes;
  return {sources,  topic(kLinks, partitions, Days(3)),        pages,       topic(kParsed, 1, Days(7)),
          articles, topic(kEngagement, partitions, Days(400)), dead_letters};
}

}  // namespace kawat::bus
