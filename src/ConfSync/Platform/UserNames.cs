using System.Globalization;

namespace ConfSync.Platform;

/// <summary>Finds the names of this machine's users, for messages.</summary>
internal static class UserNames
{
    private const string PasswordFile = "/etc/passwd";

    /// <summary><c>root</c>, or the number with the name, such as <c>user 1000 (deploy)</c>. The name is left out where
    /// /etc/passwd does not have it, for example for a user of a directory service.</summary>
    public static string Of(uint user)
    {
        var number = user.ToString(CultureInfo.InvariantCulture);
        if (user == 0) return "root";
        try
        {
            var name = File.ReadLines(PasswordFile).Select(line => line.Split(':'))
                .FirstOrDefault(fields => fields.Length > 2 && fields[2] == number)?[0];
            return name is null ? $"user {number}" : $"user {number} ({name})";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"user {number}";
        }
    }
}
