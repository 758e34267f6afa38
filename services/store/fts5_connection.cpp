#include "services/store/fts5_connection.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/store/fts5_tokenizer.h"

namespace kawat::store {
namespace {

constexpr int kBusyMilliseconds = 10'000;
constexpr int kInstructionsBetweenChecks = 2'000;

int IsImpatient(void* patience) { return static_cast<const Patience*>(patience)->Check().ok() ? 0 : 1; }

}  // namespace

absl::Status SqliteStatus(sqlite3* handle, int code) {
  const std::string message =
      absl::StrCat("search index: ", handle == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle));
  switch (code & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return absl::DataLossError(message);
    case SQLITE_FULL:
      return absl::ResourceExhaustedError(message);
    case SQLITE_INTERRUPT:
      return absl::CancelledError(message);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return absl::UnavailableError(message);
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return absl::FailedPreconditionError(message);
    default:
      return absl::InternalError(message);
  }
}

Statement& Statement::Bind(int index, std::int64_t value) {
  sqlite3_bind_int64(get(), index, value);
  return *this;
}

Statement& Statement::Bind(int index, std::string_view value) {
  sqlite3_bind_text(get(), index, value.data() == nullptr ? "" : value.data(), static_cast<int>(value.size()),
                    SQLITE_STATIC);
  return *this;
}

Statement& Statement::BindBlob(int index, std::string_view value) {
  sqlite3_bind_blob(get(), index, value.data() == nullptr ? "" : value.data(), static_cast<int>(value.size()),
                    SQLITE_STATIC);
  return *this;
}

absl::StatusOr<bool> Statement::Step() {
  const int code = sqlite3_step(get());
  if (code == SQLITE_ROW) {
    return true;
  }
  if (code == SQLITE_DONE) {
    return false;
  }
  return SqliteStatus(sqlite3_db_handle(get()), code);
}

absl::Status Statement::Run() {
  absl::StatusOr<bool> row = true;
  while (row.ok() && *row) {
    row = Step();
  }
  Reset();
  return row.status();
}

void Statement::Reset() {
  sqlite3_reset(get());
  sqlite3_clear_bindings(get());
}

std::string Statement::Text(int column) const {
  const void* bytes = sqlite3_column_blob(get(), column);
  const int size = sqlite3_column_bytes(get(), column);
  return bytes == nullptr ? std::string()
                          : std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const std::string& path, bool read_only) {
  auto connection = std::make_unique<Connection>();
  sqlite3* handle = nullptr;
  const int flags =
      SQLITE_OPEN_NOMUTEX | (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  connection->handle_.reset(handle);
  if (code != SQLITE_OK) {
    return base::Annotate(SqliteStatus(handle, code), path);
  }
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  KAWAT_RETURN_IF_ERROR(RegisterTokenizer(handle));
  return connection;
}

absl::Status Connection::Run(const std::string& sql) {
  const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : SqliteStatus(handle_.get(), code);
}

absl::StatusOr<Statement> Connection::Prepare(std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (code != SQLITE_OK) {
    return SqliteStatus(handle_.get(), code);
  }
  Statement statement;
  statement.statement_.reset(raw);
  return statement;
}

absl::Status Connection::CopyFrom(Connection& other) {
  sqlite3_backup* const backup = sqlite3_backup_init(handle_.get(), "main", other.handle_.get(), "main");
  if (backup == nullptr) {
    return SqliteStatus(handle_.get(), sqlite3_errcode(handle_.get()));
  }
  sqlite3_backup_step(backup, -1);  // at once: in steps it would begin anew with each change
  const int code = sqlite3_backup_finish(backup);
  return code == SQLITE_OK ? absl::OkStatus() : SqliteStatus(handle_.get(), code);
}

absl::StatusOr<std::int64_t> Connection::Number(std::string_view sql) {
  KAWAT_ASSIGN_OR_RETURN(Statement statement, Prepare(sql));
  KAWAT_ASSIGN_OR_RETURN(const bool row, statement.Step());
  return row ? statement.Int(0) : 0;
}

void Connection::SetPatience(const Patience* patience) {
  sqlite3_progress_handler(handle_.get(), patience == nullptr ? 0 : kInstructionsBetweenChecks,
                           patience == nullptr ? nullptr : IsImpatient, const_cast<Patience*>(patience));
}

}  // namespace kawat::store
