using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ConfSync.Protocol;
using ConfSync.Runs;

namespace ConfSync.Tests.Runs.Doctor;

/// <summary>Certificates that .NET makes, read by the doctor's own reader.</summary>
public sealed class CertificateChecksTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [TestCase(31, null)]
    [TestCase(29, Severity.Warning)]
    [TestCase(-1, Severity.Error)]
    // After 2049 a certificate has its time in another form.
    [TestCase(20000, null)]
    public void A_certificate_is_said_that_expires_within_thirty_days(int days, Severity? severity)
    {
        using var key = ECDsa.Create();
        var found = Of(Text(key, Now.AddDays(days)));

        if (severity is null) Assert.That(found, Is.EqualTo([new Finding.CertificatesFine(1, "/etc/ssl/a.pem", Now.AddDays(days))]));
        else Assert.That(found, Is.EqualTo([new Finding.CertificateExpires("/etc/ssl/a.pem", Now.AddDays(days), TimeSpan.FromDays(days))]));
        Assert.That(found.Single().Severity, Is.EqualTo(severity ?? Severity.Ok));
    }

    [TestCase("")]
    [TestCase("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    [TestCase("-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----")]
    public void What_is_no_certificate_is_said_and_nothing_is_made_of_it(string text) =>
        Assert.That(Of(text), Is.EqualTo([new Finding.CertificateUnreadable("/etc/ssl/a.pem")]));

    private static string Text(ECDsa key, DateTimeOffset expires)
    {
        var request = new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(Now.AddDays(-100), expires);
        return certificate.ExportCertificatePem();
    }

    private static List<Finding> Of(string certificate) =>
        [.. CertificateChecks.Of(new NginxCheckup(NginxPresence.Runs, "", "") { Certificates = [new("/etc/ssl/a.pem", certificate)] }, Now)];
}
