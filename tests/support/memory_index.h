// A search index in memory. It outlives a simulated crash, as its file would.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "services/store/search_index.h"

namespace kawat::support {

// Find looks for a text as it is written. Threads: one.
class MemoryIndex final : public store::SearchIndex {
 public:
  std::int64_t last_sequence() const override { return sequence_; }

  absl::Status Update(std::span<const store::Document> add, std::span<const std::string> remove,
                      std::int64_t sequence) override {
    for (const std::string& id : remove) {
      documents_.erase(id);
    }
    for (const store::Document& document : add) {
      std::erase_if(documents_, [&](const auto& entry) { return entry.second.position == document.position; });
      documents_.insert_or_assign(document.article_id, document);
    }
    sequence_ = sequence;
    return absl::OkStatus();
  }

  absl::Status Clear() override {
    documents_.clear();
    sequence_ = -1;
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<store::IndexHit>> Find(const store::IndexQuery& query, std::size_t limit,
                                                    const store::Patience& /*patience*/) const override {
    std::map<store::Position, std::string, std::greater<>> hits;
    for (const auto& [id, document] : documents_) {
      const auto holds = [&document = document](const std::vector<store::IndexTerm>& terms) {
        return std::any_of(terms.begin(), terms.end(), [&](const store::IndexTerm& term) {
          return document.title.find(term.text) != std::string::npos ||
                 document.body.find(term.text) != std::string::npos;
        });
      };
      if (std::all_of(query.all_of.begin(), query.all_of.end(), holds) && document.position < query.before) {
        hits.emplace(document.position, id);
      }
    }
    std::vector<store::IndexHit> found;
    for (const auto& [position, id] : hits) {
      if (found.size() < limit) {
        found.push_back({.article_id = id, .position = position});
      }
    }
    return found;
  }

  const std::map<std::string, store::Document>& documents() const { return documents_; }

 private:
  std::int64_t sequence_ = -1;
  std::map<std::string, store::Document> documents_;
};

}  // namespace kawat::support
