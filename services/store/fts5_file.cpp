#include "services/store/fts5_file.h"

#include <sqlite3.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/store/fts5_connection.h"

namespace kawat::store {
namespace {

absl::Status Check(Connection& connection) {
  KAWAT_ASSIGN_OR_RETURN(Statement statement, connection.Prepare("PRAGMA integrity_check(1)"));
  KAWAT_ASSIGN_OR_RETURN(const bool row, statement.Step());
  if (const std::string found = row ? statement.Text(0) : ""; found != "ok") {
    return absl::DataLossError(absl::StrCat("search index: ", found));
  }
  statement.Reset();
  // A command, though it is written as an insertion; it wants a transaction, which leaves nothing behind.
  KAWAT_RETURN_IF_ERROR(connection.Run("BEGIN"));
  const absl::Status postings = connection.Run("INSERT INTO search(search, rank) VALUES('integrity-check', 0)");
  KAWAT_RETURN_IF_ERROR(connection.Run("ROLLBACK"));
  return postings;
}

}  // namespace

absl::Status CopyIndex(const std::filesystem::path& from, const std::filesystem::path& to) {
  KAWAT_ASSIGN_OR_RETURN(const auto source, Connection::Open(from.string(), /*read_only=*/true));
  KAWAT_ASSIGN_OR_RETURN(const auto target, Connection::Open(to.string(), /*read_only=*/false));
  KAWAT_RETURN_IF_ERROR(base::Annotate(target->CopyFrom(*source), to.string()));
  // Else a reader makes files beside it.
  return base::Annotate(target->Run("PRAGMA journal_mode=DELETE"), to.string());
}

absl::StatusOr<std::int64_t> CheckIndex(const std::filesystem::path& path) {
  std::error_code code;
  if (!std::filesystem::exists(path, code)) {
    return absl::NotFoundError(absl::StrCat(path.string(), " is missing"));
  }
  const auto check = [&]() -> absl::StatusOr<std::int64_t> {
    KAWAT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(path.string(), /*read_only=*/false));
    KAWAT_RETURN_IF_ERROR(Check(*connection));
    return connection->Number("SELECT value FROM meta WHERE name = 'sequence'");
  };
  absl::StatusOr<std::int64_t> sequence = check();
  KAWAT_RETURN_IF_ERROR(base::Annotate(sequence.status(), path.string()));
  return sequence;
}

}  // namespace kawat::store
