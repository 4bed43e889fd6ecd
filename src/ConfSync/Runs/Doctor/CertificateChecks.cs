using System.Formats.Asn1;
using System.Security.Cryptography;
using ConfSync.Protocol;

namespace ConfSync.Runs;

/// <summary>When the certificates of an nginx expire. That their keys belong to them, its own test says. Pure.</summary>
internal static class CertificateChecks
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    public static IEnumerable<Finding> Of(NginxCheckup nginx, DateTimeOffset now)
    {
        var read = nginx.Certificates.ToDictionary(file => file.Path, file => Certificate.Parse(file.Text), StringComparer.Ordinal);
        List<Finding> found = [];
        foreach (var (path, certificate) in read)
        {
            if (certificate is null) found.Add(new Finding.CertificateUnreadable(path));
            else if (certificate.Expires - now < Soon) found.Add(new Finding.CertificateExpires(path, certificate.Expires, certificate.Expires - now));
        }
        if (found.Exists(finding => finding.Severity >= Severity.Warning)) return found;
        var soonest = read.Where(one => one.Value is not null).OrderBy(one => one.Value!.Expires).FirstOrDefault();
        return soonest.Value is { } first ? [new Finding.CertificatesFine(read.Count, soonest.Key, first.Expires), .. found] : found;
    }
}

/// <summary>What a doctor reads of a certificate (RFC 5280, 4.1).</summary>
/// <param name="Expires">Not valid after.</param>
internal sealed record Certificate(DateTimeOffset Expires)
{
    /// <param name="text">In PEM.</param>
    /// <returns>Null where it is none.</returns>
    public static Certificate? Parse(string text)
    {
        if (!PemEncoding.TryFind(text, out var fields) || text[fields.Label] != "CERTIFICATE") return null;
        try
        {
            var bytes = Convert.FromBase64String(text[fields.Base64Data]);
            var signed = new AsnReader(bytes, AsnEncodingRules.DER).ReadSequence().ReadSequence();
            var version = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
            if (signed.PeekTag() == version) signed.ReadEncodedValue();
            signed.ReadInteger();
            // The algorithm and the issuer.
            signed.ReadEncodedValue();
            signed.ReadEncodedValue();
            var validity = signed.ReadSequence();
            Time(validity);
            return new Certificate(Time(validity));
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static DateTimeOffset Time(AsnReader validity) =>
        validity.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? validity.ReadUtcTime() : validity.ReadGeneralizedTime();
}
