using ConfSync.SystemTests.Push;
using static ConfSync.SystemTests.Services.KeepalivedPair;

namespace ConfSync.SystemTests.Services;

/// <summary>What is wrong in keepalived's files is refused while nothing has changed: keepalived itself would end with some of it and leave
/// the address behind, and would drop the address with other. Its own test says nothing by its exit status.</summary>
public sealed class KeepalivedMistakesTests
{
    // What is replaced by what, and a part of what is said.
    private static readonly (string Old, string With, string Words)[] EndKeepalived =
    [
        ("interface eth0", "interface eth9", "interface eth9 for vrrp_instance VI_1 doesn't exist"),
        ("interface eth0", "", "Unknown interface!"),
        ("/32", "/32 dev eth9", "interface eth9 for ip address"),
        ("virtual_router_id 51", "", "the virtual router id must be set"),
        ("virtual_router_id 51", "virtual_router_id 0", "VRID '0' not valid"),
        ("virtual_router_id 51", "virtual_router_id 256", "VRID '256' not valid"),
        ("virtual_router_id 51", "virtual_router_id abc", "VRID 'abc' not valid"),
        ("vrrp_script check", "%TWIN%vrrp_script check", "duplicate VRID"),
        ("vrrp_script check", "%LOOSE%%TWIN%vrrp_script check", "duplicate VRID"),
        ($"script \"{Check}\"", $"script \"{Check}", "Unterminated quote"),
    ];

    private static readonly (string Old, string With, string Words)[] DropTheAddress =
    [
        ("%ALL%", "", "keepalived would have nothing to do any more"),
        ("%ALL%", "# nothing\n", "keepalived would have nothing to do any more"),
        ("vrrp_instance VI_1", "vrrp_instance", "vrrp_instance must have a name"),
        ("%VIP%", "192.0.2.300", "invalid IP 192.0.2.300"),
        ("%VIP%", "", "No VIP specified"),
        ("%VIP%", "192.0.2.1", "would be gone"),
        ("unicast_src_ip ", "unicast_src_ip 192.0.2.9 #", "unicast_src_ip 192.0.2.9 of VI_1 is no address of this node"),
        ("unicast_peer {", "unicast_peer {\n web2\n}\nunused {", "malformed unicast peer address[web2]"),
        ("unicast_peer {", "unicast_peer {\n}\nunused {", "without any unicast peers"),
        ("unicast_peer {", "unicast_peer {\n%SELF%", "has this node itself"),
    ];

    private static readonly (string Old, string With, string Words)[] AreTakenOtherwise =
    [
        ("advert_int", "advrt_int", "Unknown keyword 'advrt_int'"),
        ("global_defs {", "globals {", "Unknown keyword 'globals'"),
        ("advert_int 1", "advert_int 1\n}", "Extra '}' found"),
        ("track_script {\n    check\n  }", "track_script {\n    check\n", "missing '}'s"),
        ("priority 10", "priority 910", "Priority not valid"),
        ("priority 10", "priority x", "Priority not valid"),
        ("state BACKUP", "state FOO", "unknown state 'FOO'"),
        ("state BACKUP", "state MASTER\n  nopreempt", "nopreempt will not work with initial state MASTER"),
        ("advert_int 1", "advert_int 0", "Advert interval (0) not valid"),
        ("advert_int 1", "advert_int 1,5", "Advert interval (1,5) not valid"),
        ("advert_int 1", "advert_int 0.2", "must be an integer"),
        ("enable_script", "vrrp_version 4\n  enable_script", "Version must be either 2 or 3"),
        ("enable_script", "vrrp_version 3\n  enable_script", "does not support authentication"),
        ("weight 0", "weight 254", "weight 254 must be in"),
        ("interval 1", "interval 0", "interval must be greater than 0"),
        ("%VIP%", "%VIP%/32\n    2001:db8::1", "address family must match"),
        ("auth_type PASS", "auth_type FOO", "unknown authentication type"),
    ];

    private static readonly (string Old, string With, string Words)[] HavePasswords =
    [
        ($"auth_pass {Password}", $"auth_pass {Password}9", "Truncating auth_pass"),
        ($"auth_pass {Password}", $"auth_pas {Password}", "no password given"),
        ($"auth_pass {Password}", Password, "Unknown keyword '***'"),
        ($"auth_pass {Password}", $"auth_pass \"{Password}", "Unterminated quote 'auth_pass \"***'"),
    ];

    private static readonly (string Old, string With, string Words)[] OfScripts =
    [
        ("    check\n", "    chek\n", "track script chek not found"),
        (Check, "/srv/none", "track script check since not found"),
        (Check, "/etc/passwd", "/etc/passwd, which is not executable"),
        ("state BACKUP", "state BACKUP\n  notify /srv/none", "keepalived is to run /srv/none, which is not there"),
        ("state BACKUP", "state BACKUP\n  notify_master \"/etc/passwd MASTER\"", "/etc/passwd, which is not executable"),
        ("script_user root", "", "Unable to set default user"),
        ("script_user root", "script_user nobody9", "Error setting global script uid/gid"),
        ("enable_script_security\n  script_user root", "", "enable_script_security is turned off without a script_user"),
        ("enable_script", "reload_check_config\n  enable_script", "reload_check_config is turned on"),
        ("global_defs {", "include none.conf\nglobal_defs {", "Config files missing 'none.conf'"),
    ];

    private static readonly (string Old, string With, string Words)[] OfAddresses =
    [
        ("vrrp_instance VI_1", "vrrp_instance VI_2 {\n  interface eth0\n  virtual_router_id 52\n  virtual_ipaddress {\n    %VIP%/32\n  }\n}\nvrrp_instance VI_1", "is in two instances"),
        ("%VIP%", "%SELF%/32\n    %VIP%", "is an address of this node already"),
        ("vrrp_script check", "vrrp_sync_group G {\n  group {\n    VI_9\n  }\n}\nvrrp_script check", "Virtual router VI_9 specified in sync group G doesn't exist"),
    ];

    private const string Twin = "vrrp_instance VI_2 {\n  interface eth0\n  virtual_router_id 51\n  unicast_src_ip %SELF%\n  unicast_peer {\n    %PEER%\n  }\n  virtual_ipaddress {\n    192.0.2.1\n  }\n}\n";

    private static IEnumerable<TestCaseData> Mistakes =>
    [
        new TestCaseData((object)EndKeepalived).SetArgDisplayNames("keepalived ends, and leaves the address on the interface"),
        new TestCaseData((object)DropTheAddress).SetArgDisplayNames("it drops the address"),
        new TestCaseData((object)AreTakenOtherwise).SetArgDisplayNames("it takes something else than what is written"),
        new TestCaseData((object)HavePasswords).SetArgDisplayNames("it says the password"),
        new TestCaseData((object)OfScripts).SetArgDisplayNames("scripts and files"),
        new TestCaseData((object)OfAddresses).SetArgDisplayNames("addresses"),
    ];

    [TestCaseSource(nameof(Mistakes))]
    public async Task Each_is_refused_and_nothing_has_changed((string Old, string With, string Words)[] mistakes)
    {
        await using var pair = await StartAsync("/etc/keepalived", PeerKind.Debian, PeerKind.Alpine);
        var (lab, events) = (pair.Lab, await pair.EventsAsync());
        var before = await TracesAsync(lab);
        using (Assert.EnterMultipleScope())
        {
            foreach (var (old, with, words) in mistakes)
            {
                pair.Write(node => old == "%ALL%" ? with : Filled(pair, node.Text, old, with).Replace("%SELF%", node.Address, StringComparison.Ordinal)
                    .Replace("%PEER%", lab.Peers.First(peer => peer.Address != node.Address).Address, StringComparison.Ordinal));

                var push = await lab.Primary.PushAsync();

                var mistake = $"{old} -> {with}";
                Assert.That(push.ExitCode, Is.EqualTo(2), mistake);
                Assert.That(push.Err.Split("testing the new configuration of keepalived failed; nothing was changed there"), Has.Length.EqualTo(3), $"{mistake}: {push}");
                Assert.That(push.Err, Does.Contain(words), mistake);
                Assert.That(push.ToString(), Does.Not.Contain(Password), mistake);
                Assert.That(await TracesAsync(lab), Is.EqualTo(before), mistake);
            }
        }
        Assert.That(await pair.EventsAsync(), Is.EqualTo(events));
        Assert.That(await pair.HoldersAsync(), Is.EqualTo(new[] { pair.Holder }));
        await pair.LeavesNothingAsync();
    }

    private static string Filled(KeepalivedPair pair, string text, string old, string with)
    {
        (old, with) = (Named(old), Named(with));
        Assert.That(text, Does.Contain(old));
        // What is loose is no mistake that ends keepalived, and its own test ends with another status for it.
        if (with.Contains("%LOOSE%", StringComparison.Ordinal)) text = text.Replace("  enable_script_security\n", "", StringComparison.Ordinal);
        return text.Replace(old, with.Replace("%LOOSE%", "", StringComparison.Ordinal).Replace("%TWIN%", Twin, StringComparison.Ordinal), StringComparison.Ordinal);

        string Named(string words) => words.Replace("%VIP%", pair.Address, StringComparison.Ordinal);
    }

    private static async Task<string> TracesAsync(Lab lab) =>
        string.Concat(await Task.WhenAll(lab.Peers.Select(peer => peer.TracesAsync("/etc/keepalived/*"))));
}
