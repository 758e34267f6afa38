#include "services/store/fts5_index.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "services/store/fts5_columns.h"
#include "services/store/fts5_connection.h"
#include "services/store/fts5_match.h"

namespace kawat::store {
namespace {

constexpr std::int64_t kVersion = 1;  // of the tables and of the tokens in them
constexpr std::size_t kMaxIdleReaders = 8;
constexpr std::int64_t kNoRow = 1;  // rowids are negative

constexpr std::string_view kTables = R"sql(
  CREATE TABLE docs(rowid INTEGER PRIMARY KEY, article TEXT NOT NULL UNIQUE, observed INTEGER NOT NULL, text BLOB NOT NULL);
  CREATE VIRTUAL TABLE search USING fts5(title, body, facets, content='', columnsize=0, tokenize='kawat');
  CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  INSERT INTO meta VALUES('sequence', -1);
)sql";
constexpr std::string_view kFindAll =
    "SELECT rowid, article FROM docs WHERE rowid > ?1 AND rowid <= ?2 AND observed >= ?3 ORDER BY rowid LIMIT ?4";
constexpr std::string_view kFindMatches =
    "SELECT search.rowid, docs.article FROM search CROSS JOIN docs ON docs.rowid = search.rowid WHERE search MATCH ?5 "
    "AND search.rowid > ?1 AND search.rowid <= ?2 AND docs.observed >= ?3 ORDER BY search.rowid LIMIT ?4";

class Fts5Index final : public SearchIndex {
 public:
  explicit Fts5Index(std::string path) : path_(std::move(path)) {}

  absl::Status Open();  // DataLoss: damaged, or of another version; Clear mends that

  std::int64_t last_sequence() const override { return last_sequence_.load(); }
  absl::Status Update(std::span<const Document> add, std::span<const std::string> remove,
                      std::int64_t sequence) override;
  absl::Status Clear() override;
  absl::StatusOr<std::vector<IndexHit>> Find(const IndexQuery& query, std::size_t limit,
                                             const Patience& patience) const override;

 private:
  struct Change {
    std::int64_t rowid = 0;
    bool add = false;  // at one rowid, the removal comes first
    Columns columns;
    const Document* document = nullptr;
  };
  struct Reader {
    int file = 0;  // the value of file_ when it was opened
    std::unique_ptr<Connection> connection;
    Statement find_all;
    Statement find_matches;
  };

  absl::Status PrepareWriter();
  absl::Status InTransaction(const std::function<absl::Status()>& work);
  absl::Status Plan(std::span<const Document> add, std::span<const std::string> remove, std::vector<Change>& changes);
  absl::Status PlanRemoval(const std::string& article_id, std::int64_t rowid, std::vector<Change>& changes);
  absl::Status Make(const Change& change);
  absl::StatusOr<std::unique_ptr<Reader>> TakeReader() const;
  void GiveBack(std::unique_ptr<Reader> reader) const;
  static absl::StatusOr<std::vector<IndexHit>> Collect(Statement& statement);

  const std::string path_;
  std::unique_ptr<Connection> writer_;
  Statement select_, delete_doc_, insert_doc_, delete_text_, insert_text_, set_sequence_;
  std::atomic<std::int64_t> last_sequence_ = -1;
  std::atomic<int> file_ = 0;              // counts the files that stood at path_
  mutable std::atomic<int> damaged_ = -1;  // the file that a reader found damaged
  mutable absl::Mutex mutex_;              // held while the file is replaced, and while a reader opens it
  mutable std::vector<std::unique_ptr<Reader>> idle_ ABSL_GUARDED_BY(mutex_);
};

absl::Status Fts5Index::Open() {
  KAWAT_ASSIGN_OR_RETURN(writer_, Connection::Open(path_, /*read_only=*/false));
  Connection& writer = *writer_;
  KAWAT_RETURN_IF_ERROR(writer.Run("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000"));
  KAWAT_ASSIGN_OR_RETURN(const std::int64_t version, writer.Number("PRAGMA user_version"));
  if (version == 0) {
    KAWAT_RETURN_IF_ERROR(InTransaction(
        [&] { return writer.Run(absl::StrCat(std::string(kTables), "PRAGMA user_version=", kVersion)); }));
  } else if (version != kVersion) {
    return absl::DataLossError(absl::StrCat("search index: version ", version, ", not ", kVersion));
  }
  KAWAT_RETURN_IF_ERROR(PrepareWriter());
  KAWAT_ASSIGN_OR_RETURN(const std::int64_t sequence, writer.Number("SELECT value FROM meta WHERE name = 'sequence'"));
  last_sequence_ = sequence;
  return absl::OkStatus();
}

absl::Status Fts5Index::PrepareWriter() {
  KAWAT_ASSIGN_OR_RETURN(select_, writer_->Prepare("SELECT rowid, text FROM docs WHERE article = ?1 OR rowid = ?2"));
  KAWAT_ASSIGN_OR_RETURN(delete_doc_, writer_->Prepare("DELETE FROM docs WHERE rowid = ?1"));
  KAWAT_ASSIGN_OR_RETURN(insert_doc_,
                         writer_->Prepare("INSERT INTO docs(rowid, article, observed, text) VALUES(?1, ?2, ?3, ?4)"));
  KAWAT_ASSIGN_OR_RETURN(delete_text_, writer_->Prepare("INSERT INTO search(search, rowid, title, body, facets) "
                                                        "VALUES('delete', ?1, ?2, ?3, ?4)"));
  KAWAT_ASSIGN_OR_RETURN(insert_text_,
                         writer_->Prepare("INSERT INTO search(rowid, title, body, facets) VALUES(?1, ?2, ?3, ?4)"));
  KAWAT_ASSIGN_OR_RETURN(set_sequence_, writer_->Prepare("UPDATE meta SET value = ?1 WHERE name = 'sequence'"));
  return absl::OkStatus();
}

absl::Status Fts5Index::InTransaction(const std::function<absl::Status()>& work) {
  KAWAT_RETURN_IF_ERROR(writer_->Run("BEGIN IMMEDIATE"));
  absl::Status status = work();
  if (status.ok()) {
    status = writer_->Run("COMMIT");
  }
  if (!status.ok()) {
    writer_->Run("ROLLBACK").IgnoreError();
  }
  return status;
}

absl::Status Fts5Index::PlanRemoval(const std::string& article_id, std::int64_t rowid, std::vector<Change>& changes) {
  select_.Bind(1, article_id).Bind(2, rowid);
  absl::StatusOr<bool> row = select_.Step();
  absl::Status status = row.status();
  while (status.ok() && row.ok() && *row) {
    absl::StatusOr<Columns> columns = Unpack(select_.Text(1));
    status = columns.status();
    if (columns.ok()) {
      changes.push_back({.rowid = select_.Int(0), .columns = *std::move(columns)});
      row = select_.Step();
    }
  }
  select_.Reset();
  return status.ok() ? row.status() : status;
}

absl::Status Fts5Index::Make(const Change& change) {
  const Columns& columns = change.columns;
  Statement& text = change.add ? insert_text_ : delete_text_;
  KAWAT_RETURN_IF_ERROR(
      text.Bind(1, change.rowid).Bind(2, columns.title).Bind(3, columns.body).Bind(4, columns.facets).Run());
  if (!change.add) {
    return delete_doc_.Bind(1, change.rowid).Run();
  }
  const Document& document = *change.document;
  const std::string packed = Pack(columns);
  return insert_doc_.Bind(1, change.rowid)
      .Bind(2, document.article_id)
      .Bind(3, absl::ToUnixMillis(document.observed_time))
      .BindBlob(4, packed)
      .Run();
}

absl::Status Fts5Index::Plan(std::span<const Document> add, std::span<const std::string> remove,
                             std::vector<Change>& changes) {
  for (const std::string& article_id : remove) {
    KAWAT_RETURN_IF_ERROR(PlanRemoval(article_id, kNoRow, changes));
  }
  for (const Document& document : add) {
    KAWAT_RETURN_IF_ERROR(PlanRemoval(document.article_id, -document.position, changes));
    changes.push_back({.rowid = -document.position,
                       .add = true,
                       .columns = {PlainText(document.title), PlainText(document.body), FacetsOf(document)},
                       .document = &document});
  }
  // FTS5 collects what comes in ascending order of rowid, and writes to disk at each step back. The removals come first
  // all the same: a document may move to a rowid that another one leaves, and its own id must be free.
  std::sort(changes.begin(), changes.end(), [](const Change& left, const Change& right) {
    return std::pair(left.add, left.rowid) < std::pair(right.add, right.rowid);
  });
  const auto same = [](const Change& left, const Change& right) {
    return left.add == right.add && left.rowid == right.rowid;
  };
  if (const auto added = std::find_if(changes.begin(), changes.end(), [](const Change& change) { return change.add; });
      std::adjacent_find(added, changes.end(), same) != changes.end()) {
    return absl::InvalidArgumentError("search index: two documents at one position");
  }
  changes.erase(std::unique(changes.begin(), changes.end(), same), changes.end());
  return absl::OkStatus();
}

absl::Status Fts5Index::Update(std::span<const Document> add, std::span<const std::string> remove,
                               std::int64_t sequence) {
  if (damaged_ == file_) {
    return absl::DataLossError(absl::StrCat(path_, ": search index: a reader found it damaged"));
  }
  absl::Status status = InTransaction([&]() -> absl::Status {
    std::vector<Change> changes;
    KAWAT_RETURN_IF_ERROR(Plan(add, remove, changes));
    for (const Change& change : changes) {
      KAWAT_RETURN_IF_ERROR(Make(change));
    }
    return set_sequence_.Bind(1, sequence).Run();
  });
  if (status.ok()) {
    last_sequence_ = sequence;
  }
  return base::Annotate(status, path_);
}

// Another file, since tables of a damaged one cannot be dropped. Who reads the old one at this moment reads it to the
// end.
absl::Status Fts5Index::Clear() {
  absl::MutexLock lock(&mutex_);
  idle_.clear();
  ++file_;
  for (Statement* statement : {&select_, &delete_doc_, &insert_doc_, &delete_text_, &insert_text_, &set_sequence_}) {
    *statement = Statement();
  }
  writer_.reset();
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code failed;
    std::filesystem::remove(absl::StrCat(path_, suffix), failed);
    if (failed) {
      return absl::FailedPreconditionError(absl::StrCat(path_, suffix, ": cannot be removed: ", failed.message()));
    }
  }
  return base::Annotate(Open(), path_);
}

absl::StatusOr<std::unique_ptr<Fts5Index::Reader>> Fts5Index::TakeReader() const {
  absl::MutexLock lock(&mutex_);
  if (!idle_.empty()) {
    std::unique_ptr<Reader> reader = std::move(idle_.back());
    idle_.pop_back();
    return reader;
  }
  auto reader = std::make_unique<Reader>();
  reader->file = file_;
  KAWAT_ASSIGN_OR_RETURN(reader->connection, Connection::Open(path_, /*read_only=*/true));
  KAWAT_RETURN_IF_ERROR(reader->connection->Run("PRAGMA cache_size=-8000"));
  KAWAT_ASSIGN_OR_RETURN(reader->find_all, reader->connection->Prepare(kFindAll));
  KAWAT_ASSIGN_OR_RETURN(reader->find_matches, reader->connection->Prepare(kFindMatches));
  return reader;
}

void Fts5Index::GiveBack(std::unique_ptr<Reader> reader) const {
  absl::MutexLock lock(&mutex_);
  if (reader->file == file_ && idle_.size() < kMaxIdleReaders) {
    idle_.push_back(std::move(reader));
  }
}

absl::StatusOr<std::vector<IndexHit>> Fts5Index::Collect(Statement& statement) {
  std::vector<IndexHit> hits;
  while (true) {
    KAWAT_ASSIGN_OR_RETURN(const bool row, statement.Step());
    if (!row) {
      return hits;
    }
    hits.push_back({.article_id = statement.Text(1), .position = -statement.Int(0)});
  }
}

absl::StatusOr<std::vector<IndexHit>> Fts5Index::Find(const IndexQuery& query, std::size_t limit,
                                                      const Patience& patience) const {
  const std::optional<std::string> match = MatchExpression(query);
  if (!match.has_value() || limit == 0) {
    return std::vector<IndexHit>();
  }
  KAWAT_ASSIGN_OR_RETURN(std::unique_ptr<Reader> reader, TakeReader());
  Statement& statement = match->empty() ? reader->find_all : reader->find_matches;
  statement.Bind(1, -query.before).Bind(2, -query.from).Bind(4, static_cast<std::int64_t>(limit));
  statement.Bind(3, query.observed_from == absl::InfinitePast() ? INT64_MIN : absl::ToUnixMillis(query.observed_from));
  if (!match->empty()) {
    statement.Bind(5, *match);
  }
  reader->connection->SetPatience(&patience);
  absl::StatusOr<std::vector<IndexHit>> hits = Collect(statement);
  statement.Reset();
  reader->connection->SetPatience(nullptr);
  if (absl::IsDataLoss(hits.status())) {
    damaged_ = reader->file;
  }
  GiveBack(std::move(reader));
  if (absl::IsCancelled(hits.status())) {
    KAWAT_RETURN_IF_ERROR(patience.Check());
  }
  return hits;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SearchIndex>> OpenFts5Index(const std::filesystem::path& path) {
  auto index = std::make_unique<Fts5Index>(path.string());
  absl::Status status = base::Annotate(index->Open(), path.string());
  if (absl::IsDataLoss(status)) {
    status = index->Clear();
  }
  KAWAT_RETURN_IF_ERROR(status);
  return std::unique_ptr<SearchIndex>(std::move(index));
}

}  // namespace kawat::store
