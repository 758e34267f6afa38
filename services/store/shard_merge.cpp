#include "services/store/shard_merge.h"

#include <algorithm>
#include <utility>

#include "base/status.h"

namespace kawat::store {

ShardMerge::ShardMerge(const std::vector<const Node*>& nodes, const IndexQuery& query,
                       const std::vector<Position>& places)
    : nodes_(nodes), query_(query) {
  for (const Position place : places) {
    sources_.push_back({.shard = static_cast<int>(sources_.size()), .asked = std::min(place, query.before)});
  }
}

// Asks each node once for those of its shards whose hits have run out.
absl::Status ShardMerge::Fill(std::size_t expected, const Patience& patience) {
  struct Question {
    const Node* node = nullptr;
    std::vector<Place> places;
    std::vector<Source*> sources;
  };
  std::vector<Question> questions(nodes_.size());
  for (Source& source : sources_) {
    if (source.hits.empty() && !source.at_end) {
      const std::size_t node = static_cast<std::size_t>(source.shard) % nodes_.size();
      questions[node].node = nodes_[node];
      questions[node].places.push_back({.shard = source.shard, .before = source.asked});
      questions[node].sources.push_back(&source);
    }
  }
  std::erase_if(questions, [](const Question& question) { return question.node == nullptr; });
  KAWAT_ASSIGN_OR_RETURN(auto answers, AskAll(questions.size(), [&](std::size_t i) {
                           return questions[i].node->Find(query_, questions[i].places, expected, patience);
                         }));
  for (std::size_t i = 0; i < questions.size(); ++i) {
    for (std::size_t j = 0; j < questions[i].sources.size(); ++j) {
      Source& source = *questions[i].sources[j];
      std::vector<IndexHit>& hits = answers[i][j];
      source.at_end = hits.size() < expected;
      if (!hits.empty()) {
        source.asked = hits.back().position;
      }
      source.hits.assign(std::make_move_iterator(hits.begin()), std::make_move_iterator(hits.end()));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<ShardMerge::Source*> ShardMerge::Newest(std::size_t expected, const Patience& patience) {
  KAWAT_RETURN_IF_ERROR(Fill(expected, patience));
  Source* newest = nullptr;
  for (Source& source : sources_) {
    if (!source.hits.empty() && (newest == nullptr || source.hits.front().position > newest->hits.front().position)) {
      newest = &source;
    }
  }
  return newest;
}

absl::StatusOr<std::deque<MergedHit>> ShardMerge::Next(std::size_t count, const Patience& patience) {
  std::deque<MergedHit> merged;
  while (merged.size() < count) {
    KAWAT_ASSIGN_OR_RETURN(Source* const newest, Newest(count - merged.size() + 1, patience));
    if (newest == nullptr) {
      break;
    }
    merged.push_back({.shard = newest->shard, .hit = std::move(newest->hits.front())});
    newest->hits.pop_front();
  }
  return merged;
}

absl::StatusOr<bool> ShardMerge::HasMore(const Patience& patience) {
  KAWAT_ASSIGN_OR_RETURN(Source* const newest, Newest(1, patience));
  return newest != nullptr;
}

}  // namespace kawat::store
