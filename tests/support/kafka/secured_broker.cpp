#include "tests/support/kafka/secured_broker.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "base/files.h"
#include "base/status.h"

namespace kawat::support {
namespace {

// Runs in `folder`; what it says goes to openssl.log there.
absl::Status OpenSsl(const std::filesystem::path& folder, const std::string& arguments) {
  const std::string command = absl::StrCat("cd '", folder.string(), "' && openssl ", arguments, " >>openssl.log 2>&1");
  if (std::system(command.c_str()) == 0) {  // NOLINT(concurrency-mt-unsafe,cert-env33-c): one thread, words of our own
    return absl::OkStatus();
  }
  const auto log = base::ReadFile(folder / "openssl.log", 1 << 20);
  return absl::InternalError(absl::StrCat("openssl ", arguments, ": ", log.ok() ? *log : "no log"));
}

// NAME.key and NAME.crt, signed by ca.crt, for clients and for the server at 127.0.0.1.
absl::Status MakeCertificate(const std::filesystem::path& folder, const std::string& name) {
  KAWAT_RETURN_IF_ERROR(
      OpenSsl(folder, absl::StrCat("req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ", name,
                                   ".key -out ", name, ".csr -subj /CN=", name)));
  return OpenSsl(
      folder, absl::StrCat("x509 -req -in ", name, ".csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -out ", name,
                           ".crt -extfile names.cnf"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<SecuredBroker>> SecuredBroker::Start(std::vector<std::string> users) {
  std::unique_ptr<SecuredBroker> secured(new SecuredBroker);
  users.emplace_back(kAdmin);
  KAWAT_RETURN_IF_ERROR(secured->MakeCertificates(users));
  BrokerExtras extras{.settings = secured->Settings(users), .answers_in_plaintext = false};
  for (const std::string& user : users) {
    const std::string password = PasswordOf(user);
    extras.format_arguments.emplace_back("--add-scram");
    extras.format_arguments.push_back(absl::StrCat("SCRAM-SHA-512=[name=", user, ",password=", password, "]"));
    KAWAT_RETURN_IF_ERROR(base::WriteFileAtomically(secured->File(user + ".password"), password));
  }
  KAWAT_ASSIGN_OR_RETURN(secured->broker_, KafkaBroker::Start(extras));
  return secured;
}

absl::Status SecuredBroker::MakeCertificates(const std::vector<std::string>& users) {
  const std::filesystem::path& folder = folder_.path();
  KAWAT_RETURN_IF_ERROR(base::WriteFileAtomically(folder / "names.cnf", "subjectAltName=IP:127.0.0.1\n"));
  for (const char* authority : {"ca", "stranger"}) {  // the broker's, and one that signed nothing
    KAWAT_RETURN_IF_ERROR(OpenSsl(
        folder, absl::StrCat("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout ",
                             authority, ".key -out ", authority, ".crt -subj /CN=", authority)));
  }
  std::vector<std::string> names = users;
  names.emplace_back("broker");
  for (const std::string& name : names) {
    KAWAT_RETURN_IF_ERROR(MakeCertificate(folder, name));
  }
  KAWAT_ASSIGN_OR_RETURN(const std::string key, base::ReadFile(folder / "broker.key", 1 << 16));
  KAWAT_ASSIGN_OR_RETURN(const std::string certificate, base::ReadFile(folder / "broker.crt", 1 << 16));
  return base::WriteFileAtomically(folder / "broker.pem", key + certificate);
}

std::string SecuredBroker::Settings(const std::vector<std::string>& users) const {
  std::string plain = "org.apache.kafka.common.security.plain.PlainLoginModule required";
  for (const std::string& user : users) {
    absl::StrAppend(&plain, " user_", user, "=\"", PasswordOf(user), "\"");
  }
  return absl::StrCat(R"(
listeners=PASSWORD://127.0.0.1:@PORT@,CERTIFICATE://127.0.0.1:@PORT2@,CONTROLLER://127.0.0.1:@CONTROLLER_PORT@
advertised.listeners=PASSWORD://127.0.0.1:@PORT@,CERTIFICATE://127.0.0.1:@PORT2@
listener.security.protocol.map=PASSWORD:SASL_SSL,CERTIFICATE:SSL,CONTROLLER:PLAINTEXT
inter.broker.listener.name=CERTIFICATE
sasl.enabled.mechanisms=SCRAM-SHA-512,PLAIN
listener.name.password.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.certificate.ssl.client.auth=required
ssl.keystore.type=PEM
ssl.truststore.type=PEM
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=false
# The controller's port is the broker's alone.
super.users=User:ANONYMOUS;User:CN=broker;User:CN=)",
                      std::string(kAdmin), "\nssl.keystore.location=", File("broker.pem"),
                      "\nssl.truststore.location=", File("ca.crt"),
                      "\nlistener.name.password.plain.sasl.jaas.config=", plain, ";\n");
}

std::string SecuredBroker::PasswordOf(std::string_view user) { return absl::StrCat("pw-of-", std::string(user)); }

bus::KafkaOptions SecuredBroker::ByPassword(std::string_view user, std::string_view mechanism) const {
  return {.brokers = broker_->address(),
          .security = {.tls = true,
                       .ca_file = File("ca.crt"),
                       .sasl_mechanism = std::string(mechanism),
                       .username = std::string(user),
                       .password_file = File(absl::StrCat(std::string(user), ".password"))}};
}

bus::KafkaOptions SecuredBroker::ByCertificate(std::string_view user) const {
  return {.brokers = broker_->second_address(),
          .security = {.tls = true,
                       .ca_file = File("ca.crt"),
                       .certificate_file = File(absl::StrCat(std::string(user), ".crt")),
                       .key_file = File(absl::StrCat(std::string(user), ".key"))}};
}

}  // namespace kawat::support
