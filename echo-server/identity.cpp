#include "echo-server/identity.hpp"

#include <fmt/format.h>
#include <openssl/pem.h>

#include <array>
#include <stdexcept>

#include "echo-server/transport/random.hpp"
#include "echo-server/transport/secret_file.hpp"

namespace deadair::echo_server {

namespace {

struct bio_free {
    void operator()(BIO* bio) const { BIO_free(bio); }
};
using bio_ptr = std::unique_ptr<BIO, bio_free>;

// The pin is what a prober trusts; the certificate only carries the key, so it need not expire.
constexpr long certificate_lifetime_s = 100L * 365 * 24 * 3600;

[[noreturn]] void openssl_failed(const char* doing)
{
    throw std::runtime_error(fmt::format("OpenSSL cannot {}", doing));
}

void set_serial(X509* certificate)
{
    auto serial = net::random_bytes<std::array<unsigned char, 8>>();
    serial[0] &= 0x7f;  // positive
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> number{
        BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr), &BN_free};
    BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
}

identity make()
{
    identity made;
    made.key.reset(EVP_EC_gen("P-256"));
    made.certificate.reset(X509_new());
    auto* const certificate = made.certificate.get();
    if (!made.key || certificate == nullptr)
        openssl_failed("make a key pair");
    X509_set_version(certificate, X509_VERSION_3);
    set_serial(certificate);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), certificate_lifetime_s);
    X509_set_pubkey(certificate, made.key.get());
    auto* const name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("deadair-echo-server"), -1,
                               -1, 0);
    X509_set_issuer_name(certificate, name);
    if (X509_sign(certificate, made.key.get(), EVP_sha256()) == 0)
        openssl_failed("sign the certificate");
    return made;
}

std::string to_pem(const identity& from)
{
    const bio_ptr bio{BIO_new(BIO_s_mem())};
    if (!bio ||
        PEM_write_bio_PrivateKey(bio.get(), from.key.get(), nullptr, nullptr, 0, nullptr,
                                 nullptr) != 1 ||
        PEM_write_bio_X509(bio.get(), from.certificate.get()) != 1)
        openssl_failed("write the key pair");
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

identity read(const std::filesystem::path& file)
{
    const auto text = net::read_secret_file(file, "key pair");
    const bio_ptr bio{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
    identity found;
    found.key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
    found.certificate.reset(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!found.key || !found.certificate ||
        X509_check_private_key(found.certificate.get(), found.key.get()) != 1)
        throw std::runtime_error(fmt::format(
            "{} does not hold a key and its certificate; move it away and the server makes a new "
            "pair (with a new pin)",
            file.string()));
    return found;
}

}  // namespace

identity load_or_make_identity(const std::filesystem::path& state_dir)
{
    const auto file = state_dir / "identity.pem";
    if (!std::filesystem::exists(file))
        net::write_secret_once(file, to_pem(make()));
    return read(file);
}

}  // namespace deadair::echo_server
