"""The first consent text, in English, in force from the day the study is set up.

It names who runs the study, as the environment says at that moment. A later change of either, or of a comma, is a new
version written in the administration.
"""

import hashlib

from django.conf import settings
from django.db import migrations
from django.utils import timezone

TITLE = "Taking part in the {name}"
BODY = """What this study is for

The {name} is run by {organisation}. It collects photos of skin, nails and hair from people who volunteer them, so that researchers can learn how skin problems look on many different people: young and old, with every colour of skin. Doctors and computer programs can only learn to recognise what they have seen.

Who can take part

You can take part if you are 18 or older, if you live in {country}, and if the skin in the photos is your own. Taking part is voluntary. You are not paid. You can stop at any moment, and nobody will treat you differently if you do.

What you are asked to do

You take one to three photos of one skin problem with your phone and answer ten short questions. This takes about five minutes. You may skip every question, and all photos but the first.

What happens to your photos and answers

First, a computer makes a new picture from the pixels of each photo. What your phone had written into the file, such as the time, the place and the kind of phone, is not carried over. Then a person looks at every photo, and sorts out those that show a face, a tattoo, a name or something else that could tell who you are. Photos that show too much are not published.

Skin doctors then write down what they think the photos show, and other people estimate how light or dark the skin is. Of your age only a group is kept with the photos, such as 30 to 39. Rare combinations of age, sex and group are made coarser, so that they do not point to one person.

Your photos become public

Photos, answers and the doctors' opinions are published on the internet as a collection that anybody can download, all over the world. Whoever downloads it has to accept a licence. The licence allows research, teaching and the development of products, also by companies. It forbids any attempt to find out who is in the photos.

The original files that you send, your exact age and your receipt code are never published.

What the risks are

Somebody might recognise your skin, for example by a mole, a scar or the shape of a hand. We take out what we can, but we can never exclude that somebody finds out that a photo is of you. If that happened, they would also learn what you told us. Licences can be broken. Please do not send a photo if being recognised in it would harm you.

What taking part does not give you

This is not a medical examination. Nobody will tell you what you have, and nobody will contact you about your photos, even if they show something serious. If you are worried about your skin, see a doctor. You will probably not benefit yourself; others may.

What we do not ask for

We do not ask for your name, your address, your telephone number or your e-mail. You need no account. We do not follow you to other sites.

How to take it back

When you send your contribution, you get a receipt code. With it you can see how far your contribution has come, read this text again, and withdraw, at any time and without giving a reason. We do not know who you are, so without the code we cannot find your contribution. A lost code cannot be replaced.

When you withdraw, your contribution is hidden at once. Then your photos, your answers and everything that was made of them are erased, place by place; only versions of the collection that are already public stay as they are. Copies of our database that we keep against accidents run out by themselves. This page, the fact that you agreed to it and the fact that you withdrew are kept. Under your receipt code you can see what was erased, and when.

What cannot be undone

If your photos have been published before you withdraw, they stay in the versions that are public by then, with us and with everybody who has a copy. A version that has been published is never changed, so that research that used it can be repeated, and copies cannot be called back. The next release of the collection leaves your photos out, and publishes their number in a list, which asks everybody who has copies to delete them.

Contributions that you do not send

What you enter is saved page by page. If you do not send it, it is deleted after seven days without a change. You can also delete it yourself before you send it.

Whom you can ask

If you have questions about the study or about your rights, or if something went wrong, write to {contact_email}. Please do not send photos by e-mail.

What you agree to

By choosing “I agree” you say that you are 18 or older, that you have read this text, that the photos are of your own skin, and that your photos and answers may be used and published as described here."""


def write(apps, schema_editor):
    body = BODY.format(**settings.STUDY)
    apps.get_model("contrib_portal", "ConsentDocument").objects.get_or_create(
        version="1.0",
        language="en",
        defaults={
            "title": TITLE.format(**settings.STUDY),
            "body": body,
            "sha256": hashlib.sha256(body.encode()).hexdigest(),
            "is_material_change": True,
            "status": "EFFECTIVE",
            "effective_at": timezone.now(),
        },
    )


class Migration(migrations.Migration):
    dependencies = [("contrib_portal", "0002_laws")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
