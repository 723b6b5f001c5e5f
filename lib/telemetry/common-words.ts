/** Words of software that keys of caches are made of. One of them may be a name as well, and says nothing of anybody then. */
export const COMMON_WORDS: readonly string[] =
  `access account activity all api app article attempt auth author authorization available
avatar balance banner basket batch blog board body book brand by cache cached calendar campaign card cart
catalog category channel chat city client cluster code collection comment company config configuration contact
content context cost count counter country coupon credential currency current customer daily dashboard data date
day default delivery department detail device dictionary digest document domain draft dto email employee entity
entry event expiry export extra fallback favorite feature feed field file filter find first flag flow folder follower
for form forum friend from full geo global group hash health history home hot hour http id identity image
import inbox index info input instance inventory invite invoice item job json jwt key keyword kind label lang language
last latest layout lesson level like limit line link list local locale location lock log login lookup mail main map
market match me media member menu message meta metadata metric minute model module month monthly most ms
name nest new news newest next node note notification number object of offer office on one online option order org
organization otp output overview owner page paged paginated pagination parent part partner password path payment
pending people permission person phone ping plan player policy pool popular position post preference prefix preview price product
profile progress project promo property provider public query queue quota range rank ranking rate rating ratio
read recent recipe recommendation record redis ref refresh region registration relation rendered report repository request
reset resource response result review reward role room root route rule run schedule schema score search season
second section security seller sent seq sequence service session set setting shop sitemap slot slug social
space spec stat state statistic status step stock store story stream student sub subject subscription suggestion
sum summary survey sync system tag target task team template tenant term test text theme thread throttle thumbnail
ticket time timeline timestamp timezone title to today token top topic total track transaction translation tree
trend trending type unread upcoming update upload url usage user username uuid value variant vendor verification version
video view visit visitor vote wallet week weekly widget wish wishlist with word workspace year yearly yesterday zone`.split(
    /\s+/,
  );
