using ConfSync.Inventory;

namespace ConfSync.Transport;

/// <summary>Makes the advice on a login that failed: one text for each kind of failure, with the values of the
/// node.</summary>
/// <param name="Key">The private key of SSHKEY; null where ssh selects one.</param>
internal sealed record LoginAdvice(NodeAddress Address, string Program, string? Key)
{
    /// <summary>The command that makes the same connection, to be tried by hand.</summary>
    private string Try(string command = "true") => Call("-o BatchMode=yes ", command);

    /// <summary>The same command without batch mode, so that ssh can ask questions.</summary>
    private string ByHand => Call("", "true");

    private string Port => Address.Port is { } port ? $"port {port}" : "its ssh port";

    private string KnownAs => Address.Port is { } port && port != 22 ? $"'[{Address.Host}]:{port}'" : Quoted(Address.Host);

    /// <summary>The user of the login, as the node itself says it; else as NODES does, or a word that stands for it.</summary>
    public string? User { get; init; }

    private string Login => User ?? Address.User ?? "LOGIN";

    /// <param name="line">The line that said so; null where none did.</param>
    /// <param name="lockedKey">For <see cref="TransportFailure.KeyLocked"/>: the key.</param>
    public string Of(TransportFailure problem, string? line, string? lockedKey) => problem switch
    {
        TransportFailure.NotStarted => $"see that {Program} is an ssh program that this user may run (SSH in the configuration file)",
        TransportFailure.HostKeyUnknown => "ssh does not know this node's host key. Look at the key on the node itself " +
            "(ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then log in once by hand and compare it before you accept it: " + ByHand,
        TransportFailure.HostKeyChanged => "the node shows another host key than the one that is known: it was installed anew, another machine has " +
            "its address, or the connection leads to a stranger. Look at the key on the node itself; only if it is right, forget the old one: " +
            $"ssh-keygen -R {KnownAs}; then: {ByHand}",
        TransportFailure.HostKeyRevoked => "the node's host key is marked as revoked here: give the node a new one, and do not log in with the old one",
        TransportFailure.Denied => "the node takes none of the keys that ssh offers for this user" + (Key is null ? "" : $" (SSHKEY={Key})") +
            $": put the public key into ~/.ssh/authorized_keys of that user there, or name another user (user@{Address.Host}) or key (SSHKEY). To try: {Try()}",
        TransportFailure.KeyLocked => $"the key {lockedKey} has a passphrase, and no agent that this process reaches holds it. Load it and run again in the " +
            $"same session: eval \"$(ssh-agent)\"; ssh-add {Quoted(lockedKey!)}. (sudo drops SSH_AUTH_SOCK unless env_keep names it.) " +
            "For runs that nobody attends, use a key without a passphrase",
        TransportFailure.KeyUnprotected => "ssh uses no private key that others can read: chmod 600 the file that it names, and see who has read it. To try: " + Try(),
        TransportFailure.TooManyKeys => "ssh offers more keys than the node lets it try (MaxAuthTries there). Name the one for this host in ~/.ssh/config: " +
            $"Host {Address.Host}, IdentityFile KEY, IdentitiesOnly yes. To try: {Try()}",
        TransportFailure.NoCommonAlgorithm => "the two ssh programs have no such algorithm in common: update the older one. To try: " + Try(),
        TransportFailure.ConfigurationUnsafe => "ssh reads no configuration that others may write: chmod go-w the file that it names, and give it to its user",
        TransportFailure.ConfigurationWrong => "correct the ssh configuration that it names. To try: " + Try(),
        TransportFailure.NameUnknown => $"no address is known for the name {Address.Host}: correct NODES, /etc/hosts, DNS, or the HostName in ~/.ssh/config",
        TransportFailure.Refused => $"the machine is there, and nothing takes connections on {Port}: is sshd running, and is that its port? " +
            $"NODES takes host:port. To try: {Try()}",
        TransportFailure.NoRoute => $"no network leads to {Address.Host}: is the machine up, and is the address right? To try: {Try()}",
        TransportFailure.TimedOut => $"nothing answers at {Address.Host} on {Port}: is the machine up, is the address right, does a firewall drop the packets? " +
            $"CONNECT_TIMEOUT is how long nginx-sync waits. To try: {Try()}",
        TransportFailure.HungUp or TransportFailure.Closed => "the node hung up before the login was made: its log says why (journalctl -u ssh, or sshd); often AllowUsers, fail2ban or " +
            $"MaxStartups. To try: {Try()}",
        TransportFailure.AccountExpired => "this user's account or password has expired there: renew it (chage), or name another user in NODES: " +
            $"user@{Address.Host}. To try: {ByHand}",
        TransportFailure.NoLogin => "the node lets this user not log in: it has /etc/nologin, or the user has no shell. Name another user in NODES " +
            $"(user@{Address.Host}), or allow this one. To try: {Try()}",
        TransportFailure.OtherUser => $"write NODES=\"USER@{Address.Host}\" with the user that the node names: nginx-sync then works through sudo " +
            "there (see \"Logins without root\" in the manual)",
        TransportFailure.SudoPassword or TransportFailure.SudoNotAllowed =>
            "allow this login to use sudo there without a password. As root on the node: " +
            $"echo '{Login} ALL=(root) NOPASSWD: /usr/bin/sh, /bin/sh' >>/etc/sudoers.d/zz-nginx-sync. " +
            $"To try: {Try("sudo -n sh -c true")}. Or use -u where this login may do everything itself",
        TransportFailure.SudoTerminal => "sudo there wants a terminal, which nginx-sync has not. Take that from this login. As root on the node: " +
            $"echo 'Defaults:{Login} !requiretty' >>/etc/sudoers.d/zz-nginx-sync-tty. To try: {Try("sudo -n sh -c true")}",
        TransportFailure.SudoMissing => "this login is not root's, so that nginx-sync works through sudo, and there is none there: install it, or name a " +
            $"login of root's in NODES (root@{Address.Host}), or use -u where this login may do everything itself",
        TransportFailure.EndedEarly => "the login worked, and something else ran there than nginx-sync's own command, or ended it: a command that sshd forces " +
            "(ForceCommand; command= in authorized_keys), or a start-up file (.bashrc, .profile, .cshrc) that exits. To see it: " + Try(),
        _ => $"see that ssh to this node works for this user without a password: {Try()}",
    } + (problem == TransportFailure.KeyUnprotected && FileIn(line) is { } file ? $" ({file})" : "");

    // The line is "Permissions 0644 for '/root/key' are too open."
    private static string? FileIn(string? line) => line?.Split('\'') is [_, var file, ..] ? file : null;

    private string Call(string options, string command) =>
        Program + " " + options +
        (Key is null ? "" : $"-i {Quoted(Key)} ") +
        (Address.Port is { } port ? FormattableString.Invariant($"-p {port} ") : "") +
        Quoted(Address.User is null ? Address.Host : $"{Address.User}@{Address.Host}") + " " + command;

    // Quotes for a shell, because the administrator pastes the command.
    private static string Quoted(string word) =>
        word.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or '@' or ':' or '+') ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
