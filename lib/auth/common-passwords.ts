// The first that attackers try, German and English, lower case; those below ten characters stand here for their forms with digits or
// signs behind ("passwort1234", "sommer2026!").
const words = `
  123456789 1234567890 12345678910 0123456789 0987654321 9876543210 1q2w3e4r5t q1w2e3r4t5 1qaz2wsx3edc qazwsxedcrfv 1q2w3e4r5t6y zaq12wsx
  qwertyuiop qwertzuiop asdfghjkl asdfghjklö yxcvbnm zxcvbnm qwerty qwertz asdf qwer1234 abcd1234 abcdefghij abc123def a1b2c3d4e5
  password passwort passw0rd p@ssw0rd p@ssword pa$$word password1 passwort1 kennwort geheim geheimnis geheimwort topsecret secret
  willkommen welcome letmein changeme changeit default master admin administrator root toor user test testing tester testtest guest gast
  hallo hallohallo hello helloworld hallowelt schatz schatzi schatzimausi liebling ichliebedich iloveyou iloveyou1 loveyou love
  sommer winter herbst frühling fruehling summer spring autumn january februar februar januar april oktober november dezember
  montag dienstag mittwoch donnerstag freitag samstag sonntag monday friday sunday
  österreich oesterreich austria wien vienna graz linz salzburg innsbruck deutschland germany schweiz zürich berlin hamburg münchen
  fussball fußball football baseball basketball bayern rapid austriawien schalke dortmund superman batman spiderman starwars pokemon
  dragon monkey shadow sunshine princess princessa sonnenschein prinzessin michael thomas andreas daniel alexander stefan
  computer internet samsung iphone android microsoft google facebook windows office outlook mail email postamt webmail server
  trustno1 whatever nothing freedom mustang ferrari mercedes porsche blumen katze hund mausi engel teufel
  correcthorsebatterystaple aaaaaaaaaa 1111111111 0000000000 1122334455 1212121212 123123123 123321123321 987654321 147258369 159753
`;

export const commonPasswords: ReadonlySet<string> = new Set(words.split(/\s+/).filter(Boolean));
